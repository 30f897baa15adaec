namespace Hybrid.Comparison.Crashes;

/// <summary>
/// Writes one kind of thing to the sandbox, remembers what was acknowledged and what was only sent, and tells after a kill whether what
/// is there agrees with that. Load and check never run at the same time.
/// </summary>
internal interface ICrashWorkload : IAsyncDisposable
{
    /// <summary>What it writes, for the summary.</summary>
    string Name { get; }

    /// <summary>Writes acknowledged so far.</summary>
    long Acknowledged { get; }

    /// <summary>Makes the topic, bucket or core; once, before the first round.</summary>
    Task PrepareAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Writes until <see cref="LoadRound.IsOver"/>. When the clients survive it ends only when what was sent is decided, which
    /// takes the restarted sandbox.
    /// </summary>
    /// <param name="round">When the sandbox is killed.</param>
    /// <param name="violations">What a client was refused without reason.</param>
    Task RunAsync(LoadRound round, Violations violations);

    /// <summary>Reads everything back; what was not acknowledged counts from then on as it was found.</summary>
    /// <param name="violations">What is not as it must be.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task CheckAsync(Violations violations, CancellationToken cancellationToken);
}
