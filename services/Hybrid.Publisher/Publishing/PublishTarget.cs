using Hybrid.Contracts.Partitions;
using Hybrid.Contracts.Topics;
using Hybrid.Pipeline.Hosting;
using Hybrid.Pipeline.Planning;
using Hybrid.Pipeline.Progress;
using Hybrid.Publisher.Progress;
using Hybrid.Publisher.Sharding;

namespace Hybrid.Publisher.Publishing;

/// <summary>Where a publisher publishes to, and under which names it keeps its progress and fences its predecessors.</summary>
internal sealed record PublishTarget
{
    /// <summary>The source as the consumers know it.</summary>
    public required string Source { get; init; }

    /// <summary>The name that the progress is kept under: the source's, or that of its backfill.</summary>
    public required string Name { get; init; }

    public required Shard Shard { get; init; }

    /// <summary>The topic of the deltas.</summary>
    public required string Deltas { get; init; }

    public string Key => KeyOf(Shard.Index);

    public string TransactionalId =>
        Shard.IsWhole ? $"hybrid-publisher-{Name}" : $"hybrid-publisher-{Name}-{Shard.Index}-of-{Shard.Count}";

    /// <summary>The transactional id of whoever hands the source over to another number of shards.</summary>
    public string HandoverId => $"hybrid-publisher-{Name}-handover";

    public string Description => Shard.IsWhole ? $"source '{Name}'" : $"shard {Shard} of source '{Name}'";

    public string KeyOf(int shard) => ProgressKey.Of(Name, shard, Shard.Count);

    /// <exception cref="HybridException">The options contradict each other.</exception>
    public static PublishTarget From(PublisherOptions options, SourceOptions source, TopicNames topics)
    {
        if (!ProgressKey.IsName(source.Name))
        {
            throw HybridException.WrongCall($"Source:Name is '{source.Name}': it may not hold # or @");
        }

        if (options.Shard >= options.Shards)
        {
            throw HybridException.WrongCall($"Publisher:Shard is {options.Shard}: of {options.Shards} shards the last is {options.Shards - 1}");
        }

        var shard = new Shard(options.Shard, options.Shards);
        if (options.BackfillFrom is not { } from)
        {
            return new PublishTarget { Source = source.Name, Name = source.Name, Shard = shard, Deltas = topics.Deltas };
        }

        if (topics.Prefix + options.BackfillTopic == topics.Deltas)
        {
            throw HybridException.WrongCall("Publisher:BackfillTopic is the live topic: a backfill goes to a topic of its own, so name another");
        }

        var first = PartitionId.Containing(from, source.Period).Start;
        return new PublishTarget
        {
            Source = source.Name,
            Name = ProgressKey.Backfill(source.Name, first),
            Shard = shard,
            Deltas = topics.Prefix + options.BackfillTopic,
        };
    }
}
