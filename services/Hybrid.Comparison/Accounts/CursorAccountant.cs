using Hybrid.Pipeline.Progress;

namespace Hybrid.Comparison.Accounts;

/// <summary>Reads what a lane without Kafka counts in its cursor, which it writes behind what Solr has acknowledged.</summary>
/// <param name="cursor">The cursor.</param>
internal sealed class CursorAccountant(LaneCursor cursor) : IAccountant
{
    public RecordLedger Ledger { get; } = new();

    public async Task CountAsync(TimeSpan atMost, CancellationToken cancellationToken)
    {
        if (await cursor.ReadAsync(cancellationToken).ConfigureAwait(false) is { } record)
        {
            Ledger.Take(record.Progress.Counts.Records, record.Progress.Counts.DeadLetters);
        }
    }

    public void Dispose()
    {
        // The store is its owner's.
    }
}
