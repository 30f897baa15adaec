using System.Text.Json.Nodes;
using Hybrid.Comparison.Crashes.Publishing;
using Hybrid.Pipeline.Hosting;

namespace Hybrid.Comparison.Experiments;

/// <summary>Makes a fault in the sandbox at its moment, ends it, and asks how many requests it hit.</summary>
/// <param name="fault">The fault.</param>
/// <param name="adminUrl">The sandbox's admin address; null when there is none.</param>
/// <param name="clock">Wall time.</param>
internal sealed class FaultExecutor(FaultCase? fault, string? adminUrl, TimeProvider clock)
{
    /// <summary>What was done; null when nothing was. Read it once <see cref="RunAsync"/> has ended.</summary>
    public ExecutedFault? Executed { get; private set; }

    /// <summary>Carries the fault out.</summary>
    /// <param name="firstDue">When the first partition is due, wall time.</param>
    /// <param name="middle">When a fault that does not last throughout begins, wall time.</param>
    /// <param name="last">When the last partition is due, wall time: a fault that lasts throughout ends then.</param>
    /// <param name="cancellationToken">Gives up; the fault is ended all the same.</param>
    /// <exception cref="HybridException">There is no sandbox, or it refuses.</exception>
    public async Task RunAsync(DateTimeOffset firstDue, DateTimeOffset middle, DateTimeOffset last, CancellationToken cancellationToken)
    {
        if (fault is null)
        {
            return;
        }

        if (fault.Fault is null)
        {
            Executed = new ExecutedFault(fault, null, null, null);
            return;
        }

        using var sandbox = new SandboxFaults(adminUrl ?? throw HybridException.WrongCall($"the fault {fault.Name} needs the sandbox: leave --stack external out"));
        await WaitUntilAsync(fault.Throughout ? firstDue : middle, cancellationToken).ConfigureAwait(false);
        var from = clock.GetUtcNow();
        var id = await sandbox.AddAsync((JsonObject)fault.Fault.DeepClone(), cancellationToken).ConfigureAwait(false);
        long hits;
        try
        {
            await WaitUntilAsync(fault.Throughout ? last : from + fault.Length, cancellationToken).ConfigureAwait(false);
            hits = await sandbox.HitsAsync(id, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            await sandbox.ClearAsync(id, CancellationToken.None).ConfigureAwait(false);
        }

        Executed = new ExecutedFault(fault, from, clock.GetUtcNow(), hits);
    }

    private async Task WaitUntilAsync(DateTimeOffset at, CancellationToken cancellationToken)
    {
        var wait = at - clock.GetUtcNow();
        if (wait > TimeSpan.Zero)
        {
            await Task.Delay(wait, clock, cancellationToken).ConfigureAwait(false);
        }
    }
}

/// <summary>A fault that was made.</summary>
/// <param name="Case">Which.</param>
/// <param name="From">When it began, wall time; null for one in the input.</param>
/// <param name="To">When it ended, wall time; null for one in the input.</param>
/// <param name="Hits">Requests it hit; null for one in the input.</param>
internal sealed record ExecutedFault(FaultCase Case, DateTimeOffset? From, DateTimeOffset? To, long? Hits);
