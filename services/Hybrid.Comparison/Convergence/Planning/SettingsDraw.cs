using System.Globalization;
using Hybrid.Comparison.Convergence.Input;
using Hybrid.Pipeline.Lanes;

namespace Hybrid.Comparison.Convergence.Planning;

/// <summary>Draws the options of a round's services: small bounds, so that a small input meets them.</summary>
internal static class SettingsDraw
{
    /// <summary>How many periods behind the watermark the publisher looks at again: further than any object is late.</summary>
    private const int Overlap = 200;

    /// <summary>The options that all services of a round share.</summary>
    public static Dictionary<string, string?> Shared(Draw draw, ConvergenceInput input)
    {
        var window = draw.Between(1, 8) * input.First.Period;
        return new Dictionary<string, string?>
        {
            ["Kafka:Partitions"] = Text(draw.Between(1, 4)),
            ["Kafka:Client:reconnect.backoff.ms"] = "20",
            ["Kafka:Client:reconnect.backoff.max.ms"] = "200",
            ["Solr:Visibility"] = draw.Pick("commit-within=10ms", "commit-within=50ms", "soft-commit"),
            ["Source:Layout"] = input.Layout.Template,
            ["Source:Period"] = input.First.Period.ToString("c"),
            ["Window:Length"] = draw.Chance(0.1) ? "00:00:00" : window.ToString("c"),
            ["Window:Hop"] = draw.Pick(TimeSpan.Zero, TimeSpan.Zero, window, input.First.Period * 2).ToString("c"),
            ["Publisher:From"] = Text(input.First.Start),
            ["Publisher:Until"] = Text(input.End),
            ["Publisher:SettleDelay"] = draw.Milliseconds(0, 40).ToString("c"),
            ["Publisher:PollInterval"] = draw.Milliseconds(20, 80).ToString("c"),
            ["Publisher:OverlapPartitions"] = Text(Overlap),
            ["Publisher:TransactionRecords"] = Text(draw.Pick(7, 60, 10_000)),
            ["Publisher:GroupRecords"] = Text(draw.Pick(30, 10_000)),
            ["Publisher:MaxErrorShare"] = "1",
            ["Objects:From"] = Text(input.First.Start),
            ["Objects:Until"] = Text(input.End),
            ["Objects:SettleDelay"] = draw.Milliseconds(0, 40).ToString("c"),
            ["Objects:PollInterval"] = draw.Milliseconds(20, 80).ToString("c"),
            ["Objects:OverlapPartitions"] = Text(Overlap),
            ["Objects:CheckpointPartitions"] = Text(draw.Pick(1, 64)),
            ["Objects:CheckpointLines"] = Text(draw.Pick(20, 50_000)),
            ["Objects:TakeoverDelay"] = "00:00:00.300",
            ["Objects:MaxErrorShare"] = "1",
            ["Batch:Schedule"] = "*/30 * * * *",
            ["Lane:Interval"] = draw.Milliseconds(5, 150).ToString("c"),
            ["Lane:MaxBatchRecords"] = Text(draw.Pick(10, 100, 5_000)),
            ["Lane:BulkDocuments"] = Text(draw.Pick(3, 30, 500)),
            ["Lane:BatchRequests"] = Text(draw.Between(1, 3)),
            ["Lane:Pipelines"] = Text(draw.Between(1, 4)),
            ["Lane:MaxInFlightRecords"] = Text(draw.Pick(20, 200, 20_000)),
            ["Lane:CommitInterval"] = draw.Milliseconds(10, 200).ToString("c"),
            ["Lane:SessionTimeout"] = "00:00:06",
            ["Lane:DrainDeadline"] = draw.Pick("00:00:00", "00:00:00.200", "00:00:10"),
            ["Health:Port"] = "0",
        };
    }

    /// <summary>The options of the streamiz lane.</summary>
    public static IEnumerable<KeyValuePair<string, string?>> Streamiz(Draw draw) =>
    [
        new("Streamiz:Guarantee", draw.Pick(nameof(StreamizGuarantee.AtLeastOnce), nameof(StreamizGuarantee.ExactlyOnce))),
        new("Streamiz:StateStore", draw.Pick(nameof(StreamizStateStore.RocksDb), nameof(StreamizStateStore.RocksDb), nameof(StreamizStateStore.Memory))),
        new("Streamiz:Threads", Text(draw.Pick(1, 1, 2))),
    ];

    public static string Text(DateTimeOffset time) => time.ToString("O", CultureInfo.InvariantCulture);

    public static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
