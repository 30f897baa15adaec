using Hybrid.Pipeline.Lanes;

namespace Hybrid.Lanes.Consuming;

/// <summary>What makes a lane that lane: when and how records are written. Called by the consuming thread only.</summary>
internal interface ILaneSink : IAsyncDisposable
{
    /// <summary>Takes one record, whose bytes are the caller's again on return; its outcome goes to <see cref="LaneOutcomes"/> when Solr has acknowledged it.</summary>
    void Accept(in LaneRecord record);

    /// <summary>Takes the state of a document's signals, as with a record.</summary>
    void Accept(in SignalsUpdate update);

    /// <summary>Whether it holds so much that something is due at once.</summary>
    bool IsFull { get; }

    /// <summary>Does what is due.</summary>
    /// <returns>How long until it wants to be called again.</returns>
    TimeSpan Pump();

    /// <summary>Writes what was accepted without waiting for more; the outcomes come as ever.</summary>
    void Flush();

    /// <summary>Takes a finished batch back, to be used again.</summary>
    void Recycle(RecordBatch batch);
}
