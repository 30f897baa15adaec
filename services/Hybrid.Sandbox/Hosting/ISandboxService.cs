namespace Hybrid.Sandbox.Hosting;

/// <summary>A service of the sandbox. Disposing it finishes what is in flight and stops.</summary>
internal interface ISandboxService : IAsyncDisposable
{
    /// <summary>Requests answered since the start, by operation.</summary>
    IReadOnlyDictionary<string, long> RequestCounts { get; }

    /// <summary>Reads what is on disk and starts to answer.</summary>
    /// <exception cref="SandboxException">It cannot start for a reason the user can do something about.</exception>
    Task StartAsync(CancellationToken cancellationToken);
}
