namespace Hybrid.Comparison.Crashes;

/// <summary>One round's load, from its start to the kill.</summary>
/// <param name="seed">Decides what is written.</param>
/// <param name="clientsSurvive">Whether the clients outlive the kill: they wait for the restarted sandbox and finish what they had in flight; otherwise they die with the old one.</param>
/// <param name="killed">Cancelled just before the kill.</param>
/// <param name="cancellationToken">Ends the run: nobody waits for a sandbox any more.</param>
internal sealed class LoadRound(int seed, bool clientsSurvive, CancellationToken killed, CancellationToken cancellationToken)
{
    /// <summary>How long a client that survived has for what it had in flight.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Ends the run: nobody waits for a sandbox any more.</summary>
    public CancellationToken Stopping => cancellationToken;

    /// <summary>Whether clients wait for the restarted sandbox.</summary>
    public bool ClientsSurvive => clientsSurvive && !cancellationToken.IsCancellationRequested;

    /// <summary>Whether the kill has come: nothing new is begun, and a broken connection is no surprise.</summary>
    public bool IsOver => killed.IsCancellationRequested;

    /// <summary>A source of choices for one writer of this round.</summary>
    public Random Choices(int writer) => new((int)Payload.Mix(((ulong)(uint)seed << 32) | (uint)writer));

    /// <summary>Waits a little, or until the kill.</summary>
    public async Task PauseAsync(int milliseconds) =>
        await Task.Delay(milliseconds, killed).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
}
