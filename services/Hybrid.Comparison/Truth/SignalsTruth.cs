using System.Globalization;
using Hybrid.Contracts.Partitions;
using Hybrid.Contracts.Records;
using Hybrid.Pipeline.Solr;

namespace Hybrid.Comparison.Truth;

/// <summary>
/// What every lane's index must show of signals in the end, computed straight from the definition: of each document the signals of the
/// partitions that begin within the window's length before its end, summed anew. It shares nothing with the code that lanes use.
/// </summary>
/// <param name="length">The window's length.</param>
/// <param name="hop">By how much it moves on at once; 0 with every partition.</param>
internal sealed class SignalsTruth(TimeSpan length, TimeSpan hop = default)
{
    private readonly SortedDictionary<DateTimeOffset, List<CatalogDelta>> _partitions = [];
    private DateTimeOffset _newest = DateTimeOffset.MinValue + length + hop;

    /// <summary>Takes a signal in; other deltas are let pass.</summary>
    public void Apply(CatalogDelta delta)
    {
        if (delta.Kind != DeltaKind.Signal || length <= TimeSpan.Zero || !PartitionId.TryParseStart(delta.Partition, out var start))
        {
            return;
        }

        if (!_partitions.TryGetValue(start, out var signals))
        {
            _partitions[start] = signals = [];
        }

        signals.Add(delta);
        _newest = start > _newest ? start : _newest;
        while (_partitions.Keys.First() is var first && first < _newest - length - hop)
        {
            _partitions.Remove(first);
        }
    }

    /// <summary>The signals of each document that has some.</summary>
    /// <param name="end">The window's end, the last there is for the partitions taken in.</param>
    public Dictionary<string, SignalsEntry> At(DateTimeOffset end) => _partitions
        .Where(partition => partition.Key >= end - length && partition.Key < end)
        .SelectMany(partition => partition.Value)
        .GroupBy(signal => signal.DocumentId, StringComparer.Ordinal)
        .ToDictionary(signals => signals.Key, Sum, StringComparer.Ordinal);

    private static SignalsEntry Sum(IEnumerable<CatalogDelta> signals)
    {
        long units = 0, lines = 0;
        decimal revenue = 0;
        var related = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var signal in signals)
        {
            lines++;
            units += signal.Quantity ?? 0;
            revenue += (decimal)(signal.Price ?? 0) * (signal.Quantity ?? 0);
            foreach (var other in signal.Related)
            {
                related[other] = related.GetValueOrDefault(other) + 1;
            }
        }

        var top = related.OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.Ordinal).Take(5).Select(pair => pair.Key);
        return new SignalsEntry(units, lines, (double)revenue, string.Join('\n', top));
    }
}

/// <summary>What the index must show of a document's signals.</summary>
/// <param name="Units">Units moved.</param>
/// <param name="Lines">Signals.</param>
/// <param name="Revenue">The sum of price × quantity.</param>
/// <param name="Related">The five documents most often in the same basket, a line each, the most frequent first.</param>
internal readonly record struct SignalsEntry(long Units, long Lines, double Revenue, string Related)
{
    /// <summary>What a document without signals shows.</summary>
    public static SignalsEntry None { get; } = new(0, 0, 0, "");

    /// <summary>What an index shows of a document.</summary>
    public static SignalsEntry Of(IndexedDocument document) => document.Signals is { } signals
        ? new(signals.Units, signals.Lines, signals.Revenue, string.Join('\n', signals.Related))
        : None;

    /// <inheritdoc/>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Units} units in {Lines} lines for {Revenue:0.##} with [{Related.Replace('\n', ' ')}]");
}
