namespace Hybrid.Sandbox.Solr.Log;

/// <summary>Takes in what a log holds when a core starts.</summary>
internal interface IReplayTarget
{
    void ReplayPut(ReadOnlySpan<byte> id, ReadOnlySpan<byte> body);

    void ReplayDelete(ReadOnlySpan<byte> id, long version);

    void ReplayClear();
}
