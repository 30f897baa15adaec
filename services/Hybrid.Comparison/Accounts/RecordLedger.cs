using Hybrid.Contracts.Reports;

namespace Hybrid.Comparison.Accounts;

/// <summary>Counts records, finds those that are there twice. A record is told by its version and a hash of its document's id, 24 bytes each.</summary>
internal sealed class RecordLedger
{
    private readonly HashSet<(long Version, int Document)> _seen = [];

    /// <summary>Records, duplicates and poison ones too.</summary>
    public long Records { get; private set; }

    /// <summary>Records that were there before.</summary>
    public long Duplicates { get; private set; }

    /// <summary>Records that are not deltas.</summary>
    public long Poisoned { get; private set; }

    /// <summary>Dead letters of the publisher: lines that are not deltas.</summary>
    public long DeadLetters { get; private set; }

    /// <summary>Dead letters of lanes: records that were deltas to the publisher, and that the lane or Solr refused.</summary>
    public long LaneDeadLetters { get; private set; }

    /// <summary>Lines accounted for.</summary>
    public long Total => Records + DeadLetters;

    /// <summary>Counts a delta.</summary>
    public void Record(string documentId, long version)
    {
        Records++;
        if (!_seen.Add((version, documentId.GetHashCode(StringComparison.Ordinal))))
        {
            Duplicates++;
        }
    }

    /// <summary>Counts a record that is not a delta.</summary>
    public void Poison()
    {
        Records++;
        Poisoned++;
    }

    /// <summary>Takes totals over that somebody else counted.</summary>
    public void Take(long records, long deadLetters) => (Records, DeadLetters) = (records, deadLetters);

    /// <summary>Counts a dead letter.</summary>
    public void DeadLetter(bool ofLane)
    {
        if (ofLane)
        {
            LaneDeadLetters++;
        }
        else
        {
            DeadLetters++;
        }
    }

    /// <summary>The counts beside the input's lines.</summary>
    public Accounting Account(long lines) => new() { LinesRead = lines, Records = Records, DeadLetters = DeadLetters, Duplicates = Duplicates };
}
