using Hybrid.Contracts.Partitions;
using Hybrid.Pipeline.Discovery;
using Hybrid.Pipeline.Hosting;
using Hybrid.Pipeline.ObjectStore;
using Hybrid.Pipeline.Planning;
using Hybrid.Pipeline.Progress;
using Hybrid.Publisher.Discovery;
using Hybrid.Publisher.Progress;
using Hybrid.Publisher.Sharding;

namespace Hybrid.Unit.Tests.Publisher;

/// <summary>Planners over partitions of a minute, and listings of what a test says.</summary>
internal static class PlannerFixture
{
    public const int Overlap = 4;
    public static readonly TimeSpan Period = TimeSpan.FromMinutes(1);
    public static readonly DateTimeOffset Start = new(2011, 12, 1, 23, 50, 0, TimeSpan.Zero);
    public static readonly PartitionLayout Layout = new(PartitionLayout.DefaultTemplate, Period);
    public static readonly EventClock Clock = new(new ClockOptions());

    public static PublishState Begin => From(new SourceProgress { Source = "catalog", Watermark = Start });

    public static PublishState From(SourceProgress progress) => PublishState.From(progress, Layout, Overlap);

    public static PublishPlanner Planner(
        TimeSpan settle = default, DateTimeOffset? until = null, ICompletion? completion = null, Shard? shard = null, int maxPartitions = 64) =>
        new(
            Layout,
            new PlannerSettings { OverlapPartitions = Overlap, MaxPartitions = maxPartitions, Until = until, Shard = shard ?? Shard.Whole },
            completion ?? new RateCompletion(Clock, settle));

    public static PartitionId Partition(int number) => new(Start + (number * Period), Period);

    public static string Key(int partition, string name) => Layout.Prefix(Partition(partition)) + name;

    public static ObjectEntry Entry(int partition, string name, string etag = "e") => new(Key(partition, name), etag, 1, Start);

    public static Listing Listing(IReadOnlyList<PartitionId> window, params IEnumerable<ObjectEntry> entries)
    {
        var partitions = new Dictionary<PartitionId, ListedPartition>();
        foreach (var entry in entries)
        {
            Layout.TryParse(entry.Key, out var partition);
            if (window.Contains(partition))
            {
                (partitions.TryGetValue(partition, out var listed) ? listed : partitions[partition] = new ListedPartition()).Add(entry, "_SUCCESS");
            }
        }

        return new Listing(window, partitions);
    }

    public static IReadOnlyList<PlannedPartition> Plan(PublishPlanner planner, PublishState state, DateTimeOffset wallNow, params ObjectEntry[] entries) =>
        planner.Plan(state, Listing(planner.Window(state, wallNow), entries), ListingHistory.Empty, wallNow);

    public static string[] Names(PlannedPartition planned) => [.. planned.Objects.Select(one => Path.GetFileName(one.Entry.Key))];
}
