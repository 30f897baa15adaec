using Hybrid.Contracts.Partitions;
using Hybrid.Pipeline.Discovery;
using Hybrid.Pipeline.Hosting;
using Hybrid.Pipeline.Planning;
using Hybrid.Pipeline.Progress;
using Hybrid.Publisher.Progress;
using Hybrid.Publisher.Sharding;
using static Hybrid.Unit.Tests.Publisher.PlannerFixture;

namespace Hybrid.Unit.Tests.Publisher;

/// <summary>What happens in one cycle of a simulation.</summary>
/// <param name="AtPartition">The time, in partitions since the start.</param>
/// <param name="Arrivals">Objects that are put, some over others: partition, name, content.</param>
/// <param name="Deletions">Objects that are deleted: partition, name.</param>
/// <param name="Hides">What decides which objects the listings hide; 0 for none.</param>
/// <param name="Changes">Objects that are put while the plan is carried out.</param>
/// <param name="LinesATransaction">After how many lines a transaction ends.</param>
/// <param name="CrashAfter">After how many lines and partitions each shard crashes.</param>
/// <param name="Idle">A shard that does nothing in this cycle, because its instance is gone; another takes over in the next.</param>
/// <param name="Shards">By how many the source is to be shared from now on, unless that is refused; 0 for as many as before.</param>
internal sealed record Cycle(
    int AtPartition,
    (int Partition, int Name, int Content)[] Arrivals,
    (int Partition, int Name)[] Deletions,
    int Hides,
    (int Partition, int Name, int Content)[] Changes,
    int LinesATransaction,
    int CrashAfter,
    int Idle,
    int Shards);

/// <summary>
/// Shards that publish from a simulated store into a simulated topic, through the planner and the states' transitions, each cycle from
/// what is committed. Every object has as many lines as its content says. Checks all the while what must always hold.
/// </summary>
internal sealed class PublishSimulation(int shards)
{
    private readonly SortedDictionary<string, int> _store = new(StringComparer.Ordinal);
    private byte[][] _committed = [.. Enumerable.Range(0, shards).Select(shard => new SourceProgress
    {
        Source = "catalog", Shard = shard, Shards = shards, Watermark = Start,
    }.ToJson())];

    /// <summary>What a committed reader sees.</summary>
    public List<(string Key, string ETag, int Generation, long Line)> Topic { get; } = [];

    public DateTimeOffset SourceWatermark => Enumerable.Range(0, _committed.Length).Min(shard => Committed(shard).Watermark);

    public SourceProgress Committed(int shard) => SourceProgress.FromJson(_committed[shard]);

    public void Run(Cycle cycle)
    {
        if (cycle.Shards > 0 && cycle.Shards != _committed.Length)
        {
            HandOver(cycle.Shards);
        }

        Put(cycle.Arrivals);
        foreach (var (partition, name) in cycle.Deletions)
        {
            _store.Remove(Key(partition, $"part-{name}"));
        }

        for (var shard = 0; shard < _committed.Length; shard++)
        {
            if (shard != cycle.Idle)
            {
                Run(shard, cycle);
            }
        }
    }

    /// <summary>Asserts what holds once nothing changes any more and every listing tells the truth.</summary>
    public void AssertSettled()
    {
        var watermark = SourceWatermark;
        var floor = Enumerable.Range(0, _committed.Length).Max(shard => Committed(shard).Floor) ?? Start;
        foreach (var (key, lines) in _store)
        {
            Layout.TryParse(key, out var partition);
            if (partition.End <= watermark && partition.Start >= watermark - (Overlap * Period) && partition.Start >= floor)
            {
                var last = Topic.Where(line => line.Key == key).ToArray();
                Assert.True(last.Length > 0, $"{key} is not published");
                var generation = last.Max(line => line.Generation);
                Assert.Equal(Enumerable.Range(1, lines).Select(line => (ETag(lines), (long)line)), last.Where(line => line.Generation == generation).Select(line => (line.ETag, line.Line)));
            }
        }

        var all = Enumerable.Range(0, _committed.Length).Select(Committed).ToArray();
        Assert.All(all, progress => Assert.Null(progress.Cursor));
        Assert.Equal(Topic.Count, all.Sum(progress => progress.Counts.Lines));
    }

    /// <summary>Asserts that of each content of each object every line is there once, in order, from the first on.</summary>
    public void AssertOnceAndInOrder()
    {
        foreach (var content in Topic.GroupBy(line => (line.Key, line.Generation)))
        {
            Assert.Single(content.Select(line => line.ETag).Distinct());
            Assert.Equal(Enumerable.Range(1, content.Count()).Select(line => (long)line), content.Select(line => line.Line));
        }

        foreach (var key in Topic.GroupBy(line => line.Key))
        {
            var generations = key.Select(line => (line.Generation, line.ETag)).Distinct().ToArray();
            Assert.Equal(Enumerable.Range(0, generations.Length), generations.Select(one => one.Generation));

            // The same content twice in a row only when the first was deleted in its middle.
            Assert.DoesNotContain(
                generations.Zip(generations.Skip(1)),
                pair => pair.First.ETag == pair.Second.ETag && key.Count(line => line.Generation == pair.First.Generation) == int.Parse(pair.First.ETag[1..]));
        }
    }

    private void HandOver(int count)
    {
        var (old, before) = (Enumerable.Range(0, _committed.Length).Select(Committed).ToArray(), SourceWatermark);
        try
        {
            _committed = [.. ShardHandover.Split(old, old.Length, count, Layout, Overlap).Select(progress => progress.ToJson())];
        }
        catch (HybridException)
        {
            // Too far apart, or in the middle of objects: the shards go on as they are.
        }

        Assert.Equal(before, SourceWatermark);
    }

    private void Run(int shard, Cycle cycle)
    {
        var planner = Planner(shard: new Shard(shard, _committed.Length));
        var wallNow = Start + (cycle.AtPartition * Period);
        var state = From(Committed(shard));
        var window = planner.Window(state, wallNow);
        var listing = Listing(window, _store.Where(one => !IsHidden(one.Key, cycle, shard)).Select(one => Entry(one.Key, one.Value)));
        foreach (var (partition, missing) in planner.Missing(state, listing).ToArray())
        {
            state = _store.ContainsKey(missing.Key) ? state : state.Delete(partition, missing);
        }

        var plan = planner.Plan(state, listing, ListingHistory.Empty, wallNow);
        Put(cycle.Changes);
        var run = new Execution(this, shard, state, cycle);
        foreach (var planned in plan)
        {
            if (!planned.Objects.All(one => run.Publish(planned.Partition, one)) || (planned.Completes && !run.Complete(planned, listing)))
            {
                return;
            }
        }

        run.Commit();
        Assert.True(Committed(shard).Watermark <= wallNow);
    }

    private void Put((int Partition, int Name, int Content)[] arrivals)
    {
        foreach (var (partition, name, content) in arrivals)
        {
            _store[Key(partition, $"part-{name}")] = content;
        }
    }

    private static string ETag(int content) => $"e{content}";

    private static Pipeline.ObjectStore.ObjectEntry Entry(string key, int content) => new(key, ETag(content), content, Start);

    private static bool IsHidden(string key, Cycle cycle, int shard) => cycle.Hides != 0 && HashCode.Combine(key[^1], key[^8], cycle.Hides, shard) % 3 == 0;

    private sealed class Execution(PublishSimulation world, int shard, PublishState committed, Cycle cycle)
    {
        private readonly List<(string Key, string ETag, int Generation, long Line)> _pending = [];
        private PublishState _state = committed;
        private int _left = cycle.CrashAfter;

        public bool Publish(PartitionId partition, PlannedObject one)
        {
            var key = one.Entry.Key;
            if (!world._store.TryGetValue(key, out var lines))
            {
                _state = one.Cursor is null ? _state : _state.Abandon(partition);
                return true;
            }

            if (one.Take(ETag(lines)) is not var (generation, afterLine))
            {
                return true;
            }

            for (var line = afterLine + 1; line <= lines; line++)
            {
                if (_left-- == 0)
                {
                    return false;
                }

                _pending.Add((key, ETag(lines), generation, line));
                _state = line < lines
                    ? _state.Advance(new ObjectCursor(partition.Name, key, ETag(lines), generation, line, Start), 1, 1)
                    : _state.Finish(partition, new PublishedObject(key, ETag(lines), generation), 1, 1);
                if (_pending.Count >= cycle.LinesATransaction)
                {
                    Commit();
                }
            }

            if (afterLine >= lines)
            {
                _state = _state.Finish(partition, new PublishedObject(key, ETag(lines), generation), 0, 0);
            }

            return true;
        }

        public bool Complete(PlannedPartition planned, Listing listing)
        {
            if (_left-- == 0)
            {
                return false;
            }

            _state = _state.Complete(planned.Partition);
            var known = _state.Known(planned.Partition);
            foreach (var entry in listing.Of(planned.Partition).Objects.Where(entry => new Shard(shard, world._committed.Length).Owns(entry.Key)))
            {
                Assert.True(known.ContainsKey(entry.Key) || !world._store.ContainsKey(entry.Key), $"the watermark passes {entry.Key}");
            }

            return true;
        }

        public void Commit()
        {
            var (before, source) = (world.Committed(shard).Watermark, world.SourceWatermark);
            world._committed[shard] = _state.ToProgress(Start).ToJson();
            world.Topic.AddRange(_pending);
            _pending.Clear();
            Assert.True(_state.Watermark >= before, "a watermark goes back");
            Assert.True(world.SourceWatermark >= source, "the source's watermark goes back");
        }
    }
}
