using Hybrid.Contracts.Records;

namespace Hybrid.Pipeline.Windows;

/// <summary>What happened to a document within a window: what the index shows of its signals.</summary>
public sealed record DocumentSignals
{
    /// <summary>The document.</summary>
    public required string DocumentId { get; init; }

    /// <summary>Orders the states of one document, see <see cref="SignalsVersion"/>.</summary>
    public required long Version { get; init; }

    /// <summary>Units moved; cancellations count negative.</summary>
    public long Units { get; init; }

    /// <summary>Lines, which are signals.</summary>
    public long Lines { get; init; }

    /// <summary>The sum of price × quantity, in the source's currency.</summary>
    public double Revenue { get; init; }

    /// <summary>The documents most often in the same basket, at most <see cref="RelatedRanking.Most"/>, the most frequent first, ties by id.</summary>
    public IReadOnlyList<string> Related { get; init; } = [];

    /// <summary>Whether every field is equal, <see cref="Related"/> in the same order.</summary>
    /// <param name="other">The other state.</param>
    public bool Equals(DocumentSignals? other) =>
        other is not null
        && DocumentId == other.DocumentId
        && Version == other.Version
        && Units == other.Units
        && Lines == other.Lines
        && Revenue.Equals(other.Revenue)
        && Related.SequenceEqual(other.Related);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(DocumentId, Version);
}
