using System.Diagnostics;
using System.Text.Json.Nodes;
using Hybrid.Comparison.Crashes;
using Hybrid.Comparison.Crashes.Publishing;
using Hybrid.Comparison.Processes;
using Hybrid.Contracts.Stack;
using Hybrid.Pipeline.Hosting;

namespace Hybrid.Comparison.Convergence.Running;

/// <summary>The sandbox of one round after another, which can be killed and comes back on the same data and ports.</summary>
/// <param name="executable">The program that has the verb <c>sandbox</c>.</param>
/// <param name="directory">Where its data and its log go.</param>
internal sealed class RoundStack(HybridExecutable executable, string directory) : IAsyncDisposable
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(10);

    private readonly KilledSandbox _sandbox = new(executable, directory);
    private SandboxFaults? _faults;

    /// <summary>Where its services are; the same after every start.</summary>
    public StackEndpoints Endpoints => _sandbox.Endpoints;

    /// <summary>Starts it.</summary>
    /// <exception cref="HybridException">It does not start.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await _sandbox.StartAsync(cancellationToken).ConfigureAwait(false);
        _faults?.Dispose();
        _faults = new SandboxFaults(_sandbox.Endpoints.AdminUrl!);
    }

    /// <summary>Kills it (SIGKILL) and starts it again.</summary>
    /// <exception cref="HybridException">It had ended by itself, or does not start.</exception>
    public async Task KillAsync(CancellationToken cancellationToken)
    {
        await _sandbox.KillAsync().ConfigureAwait(false);
        await StartAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Injects a fault.</summary>
    /// <returns>What it is cleared by.</returns>
    /// <exception cref="HybridException">It refuses.</exception>
    public Task<string> InjectAsync(JsonObject fault, CancellationToken cancellationToken) => _faults!.AddAsync(fault, cancellationToken);

    /// <summary>Waits until a fault has struck, or for so long.</summary>
    public async Task WaitForHitAsync(string fault, TimeSpan atMost, CancellationToken cancellationToken)
    {
        for (var began = Stopwatch.GetTimestamp();
            await _faults!.HitsAsync(fault, cancellationToken).ConfigureAwait(false) == 0 && Stopwatch.GetElapsedTime(began) < atMost;)
        {
            await Task.Delay(Look, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Ends a fault.</summary>
    public Task ClearAsync(string fault, CancellationToken cancellationToken) => _faults!.ClearAsync(fault, cancellationToken);

    /// <summary>Ends every fault.</summary>
    public Task ClearAsync(CancellationToken cancellationToken) => _faults!.ClearAllAsync(cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _faults?.Dispose();
        await _sandbox.DisposeAsync().ConfigureAwait(false);
    }
}
