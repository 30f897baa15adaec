using Hybrid.Comparison.Truth;
using Hybrid.Contracts.Partitions;
using Hybrid.Contracts.Records;
using Hybrid.Pipeline.Solr;

namespace Hybrid.Streamiz.Tests.EndToEnd;

/// <summary>Partitions of upserts and signals from a seed, late signals among them, published one after the other, and their truth.</summary>
internal sealed class SignalsInput(int seed, TimeSpan window)
{
    private const int Documents = 40;

    private static readonly DateTimeOffset Origin = new(2011, 12, 1, 8, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(5);

    private readonly Random _random = new(seed);
    private readonly SignalsTruth _truth = new(window);
    private int _published;
    private long _version;

    /// <summary>Up to when everything is published.</summary>
    public DateTimeOffset End => Origin + (Period * _published);

    /// <summary>Records published so far, control records left out.</summary>
    public int Records { get; private set; }

    public void Publish(DeltasTopic topic, int partitions)
    {
        for (var i = 0; i < partitions; i++)
        {
            var start = End;
            List<CatalogDelta> deltas = [.. Enumerable.Range(0, 60).Select(_ => Next(start))];
            foreach (var delta in deltas)
            {
                _truth.Apply(delta);
            }

            Records += deltas.Count;
            _published++;
            topic.PublishPartition(deltas, End);
        }
    }

    /// <summary>Whether every document of the index shows its signals, and every document with signals is there.</summary>
    public async Task<bool> IsShownBy(SolrReader index)
    {
        var truth = _truth.At(End);
        await foreach (var document in index.ExportAsync(CancellationToken.None))
        {
            if (SignalsEntry.Of(document) != (truth.Remove(document.Id, out var right) ? right : SignalsEntry.None))
            {
                return false;
            }
        }

        return truth.Count == 0;
    }

    private CatalogDelta Next(DateTimeOffset start)
    {
        var id = $"d{_random.Next(Documents)}";
        if (_random.Next(5) == 0)
        {
            return Deltas.Upsert(id, ++_version);
        }

        var late = _random.Next(8) == 0 ? _random.Next(1, 10) : 0;
        var partition = start - (Period * late) < Origin ? start : start - (Period * late);
        return Deltas.Signal(id, ++_version, $"d{_random.Next(Documents)}", $"e{_random.Next(4)}") with
        {
            Partition = new PartitionId(partition, Period).Name,
            Price = _random.Next(1, 500) / 100.0,
            Quantity = _random.Next(-3, 9),
        };
    }
}
