using Hybrid.Comparison.Truth;
using Hybrid.Contracts.Partitions;
using Hybrid.Contracts.Records;
using Hybrid.Pipeline.Solr;

namespace Hybrid.EndToEnd.Tests.Lanes;

/// <summary>Upserts, deletes and signals, partition by partition, some signals late; and whether an index holds what they come to.</summary>
internal sealed class MixedLoad(LaneFixture fixture, int seed)
{
    public static readonly (string Key, string Value) Window = ("Window:Length", "00:15:00");

    private static readonly DateTimeOffset Origin = new(2011, 12, 1, 8, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(5);

    private readonly Random _random = new(seed);
    private readonly Dictionary<string, CatalogDelta> _newest = new(StringComparer.Ordinal);
    private readonly SignalsTruth _signals = new(3 * Period);
    private int _partition;
    private long _version;

    /// <summary>Publishes the next partition, and the watermark behind it.</summary>
    public async Task PublishAsync()
    {
        CatalogDelta[] deltas = [.. Enumerable.Range(0, 40).Select(_ => Attributes()), .. Enumerable.Range(0, 40).Select(_ => Signal())];
        _random.Shuffle(deltas);
        foreach (var delta in deltas)
        {
            if (delta.Kind == DeltaKind.Signal)
            {
                _signals.Apply(delta);
            }
            else if (!_newest.TryGetValue(delta.DocumentId, out var known) || delta.Version > known.Version)
            {
                _newest[delta.DocumentId] = delta;
            }
        }

        await fixture.PublishAsync(deltas);
        _partition++;
        await fixture.PublishWatermarkAsync(Origin + (_partition * Period));
    }

    /// <summary>Waits until the index holds exactly what was published.</summary>
    public Task ConvergesAsync(RunningLane lane) =>
        lane.UntilAsync(async () => Differences(await fixture.IndexAsync()).Count == 0, async () => string.Join("; ", Differences(await fixture.IndexAsync()).Take(5)));

    private List<string> Differences(List<IndexedDocument> index)
    {
        var attributes = index.Where(document => document.AttributesVersion is not null).ToDictionary(document => document.Id, document => $"{document.AttributesVersion} {document.Title} {document.Deleted}");
        var signals = index.Where(document => document.Signals is { Lines: > 0 }).ToDictionary(
            document => document.Id,
            document => new SignalsEntry(document.Signals!.Units, document.Signals.Lines, document.Signals.Revenue, string.Join('\n', document.Signals.Related)).ToString());
        return
        [
            .. Differences("attributes of", _newest.ToDictionary(pair => pair.Key, pair => Shown(pair.Value)), attributes),
            .. Differences("signals of", _signals.At(Origin + (_partition * Period)).ToDictionary(pair => pair.Key, pair => pair.Value.ToString()), signals),
        ];
    }

    private static string Shown(CatalogDelta delta) =>
        delta.Kind == DeltaKind.Delete ? $"{delta.Version}  True" : $"{delta.Version} {delta.Title} False";

    private static IEnumerable<string> Differences(string what, Dictionary<string, string> expected, Dictionary<string, string> actual) =>
        from id in expected.Keys.Union(actual.Keys)
        let should = expected.GetValueOrDefault(id)
        let found = actual.GetValueOrDefault(id)
        where should != found
        select $"{what} {id}: {should ?? "none"} expected, {found ?? "none"} found";

    private CatalogDelta Attributes()
    {
        var id = $"d{_random.Next(150)}";
        _version++;
        return _random.Next(8) == 0 ? LaneDeltas.Delete(id, _version) : LaneDeltas.Upsert(id, _version);
    }

    private CatalogDelta Signal()
    {
        var partition = Math.Max(0, _partition - (_random.Next(12) == 0 ? _random.Next(5) : 0));
        return new CatalogDelta
        {
            DocumentId = $"d{_random.Next(60)}",
            Kind = DeltaKind.Signal,
            Version = ++_version,
            EventTimeMilliseconds = (Origin + (partition * Period)).ToUnixTimeMilliseconds(),
            Partition = new PartitionId(Origin + (partition * Period), Period).Name,
            Quantity = _random.Next(-2, 9),
            Price = _random.Next(1, 999) / 100.0,
            Related = [$"d{_random.Next(60)}"],
        };
    }
}
