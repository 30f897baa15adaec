using Hybrid.Pipeline.Hosting;

namespace Hybrid.Comparison.Accounts;

/// <summary>Counts what became of the input's lines, from what is durable. Not for concurrent use.</summary>
internal interface IAccountant : IDisposable
{
    /// <summary>What was counted so far.</summary>
    RecordLedger Ledger { get; }

    /// <summary>Counts on to the end, or for so long.</summary>
    /// <exception cref="HybridException">It cannot be read.</exception>
    Task CountAsync(TimeSpan atMost, CancellationToken cancellationToken);
}
