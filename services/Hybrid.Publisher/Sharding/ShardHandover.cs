using System.Text;
using Confluent.Kafka;
using Hybrid.Contracts.Partitions;
using Hybrid.Pipeline.Hosting;
using Hybrid.Pipeline.Kafka;
using Hybrid.Pipeline.Planning;
using Hybrid.Pipeline.Progress;
using Hybrid.Publisher.Progress;
using Hybrid.Publisher.Publishing;
using Microsoft.Extensions.Logging;

namespace Hybrid.Publisher.Sharding;

/// <summary>
/// Hands a source over from one number of shards to another. The publishers of the old number are fenced first; then one transaction writes
/// the progress of all shards of the new number and forgets the old ones'. So there is one number of shards at any time, whoever starts when.
/// </summary>
internal sealed class ShardHandover(KafkaClients kafka, ProgressStore progress, PartitionLayout layout, PublisherOptions options, ILogger logger)
{
    /// <summary>Finds the progress of a shard, after a handover when the source was shared by another number.</summary>
    /// <param name="target">The shard, whose transactional producer is initialised.</param>
    /// <param name="wallNow">When, wall time.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The progress, or null when it has none yet.</returns>
    /// <exception cref="HybridException">The old shards cannot be handed over as they stand.</exception>
    public async Task<SourceProgress?> FindAsync(PublishTarget target, DateTimeOffset wallNow, CancellationToken cancellationToken)
    {
        var known = await progress.ReadShardsAsync(target.Name, cancellationToken).ConfigureAwait(false);
        if (known.TryGetValue(target.Key, out var own))
        {
            return own;
        }

        if (known.Values.All(one => one.Shards == target.Shard.Count))
        {
            return null;
        }

        // Of several that want to hand over, the last to come here fences the others, and finds what they have done.
        using var producer = await OpenAsync(target.HandoverId, cancellationToken).ConfigureAwait(false);
        var count = known.Values.First(one => one.Shards != target.Shard.Count).Shards;
        for (var shard = 0; shard < count; shard++)
        {
            (await OpenAsync((target with { Shard = new Shard(shard, count) }).TransactionalId, cancellationToken).ConfigureAwait(false)).Dispose();
        }

        known = await progress.ReadShardsAsync(target.Name, cancellationToken).ConfigureAwait(false);
        if (!known.ContainsKey(target.Key))
        {
            var old = known.Values.Where(one => one.Shards == count).ToArray();
            var shards = Split(old, count, target.Shard.Count, layout, options.OverlapPartitions);
            await WriteAsync(producer, target, count, shards, wallNow, cancellationToken).ConfigureAwait(false);
            LogMessages.HandsOver(logger, target.Name, count, target.Shard.Count, shards[0].Watermark);
            return shards[target.Shard.Index];
        }

        return known[target.Key];
    }

    /// <summary>Splits the progress of a source anew: every shard begins at the least watermark, and knows what was published beyond.</summary>
    /// <param name="old">What the old shards have committed.</param>
    /// <param name="oldCount">How many there are.</param>
    /// <param name="count">How many there shall be.</param>
    /// <param name="layout">How partitions are named.</param>
    /// <param name="overlapPartitions">How many partitions behind its watermark a shard still knows.</param>
    /// <exception cref="HybridException">They are too far apart, or two objects that are published in part would be of one shard.</exception>
    internal static SourceProgress[] Split(SourceProgress[] old, int oldCount, int count, PartitionLayout layout, int overlapPartitions)
    {
        var source = old[0].Source;
        if (old.Length < oldCount)
        {
            throw HybridException.WrongCall($"source '{source}' has {oldCount} shards and {oldCount - old.Length} of them never began: start those before you change Publisher:Shards");
        }

        var (least, most) = (old.Min(one => one.Watermark), old.Max(one => one.Watermark));
        var known = most - (overlapPartitions * layout.Period);
        if (least < known)
        {
            throw HybridException.WrongCall(
                $"the {oldCount} shards of source '{source}' stand from {least:u} to {most:u}, further apart than Publisher:OverlapPartitions: let the slower ones catch up before you change Publisher:Shards");
        }

        if (old.Select(one => one.Cursor).OfType<ObjectCursor>().GroupBy(cursor => Shard.IndexOf(cursor.Key, count)).Any(cursors => cursors.Count() > 1))
        {
            throw HybridException.WrongCall(
                $"several objects of source '{source}' are published in part: let the {oldCount} shards finish them before you change Publisher:Shards");
        }

        // What a shard that is ahead published before its own overlap window is not known any more, so nobody looks there again.
        var floor = old.Select(one => one.Floor).Append(oldCount > 1 ? known : null).Max();
        return [.. Enumerable.Range(0, count).Select(shard => new SourceProgress
        {
            Source = source,
            Shard = shard,
            Shards = count,
            Watermark = least,
            SourceWatermark = old.Max(one => one.SourceWatermark),
            Floor = floor,
            Cursor = old.Select(one => one.Cursor).FirstOrDefault(cursor => cursor is not null && Shard.IndexOf(cursor.Key, count) == shard),
            Objects = [.. old.SelectMany(one => one.Objects).Where(one => Shard.IndexOf(one.Key, count) == shard)],
            Counts = shard == 0 ? old.Select(one => one.Counts).Aggregate(ProgressCounts.Sum) : new ProgressCounts(),
            Skipped = shard == 0 ? [.. old.SelectMany(one => one.Skipped)] : [],
        })];
    }

    private async Task WriteAsync(
        TransactionalProducer producer, PublishTarget target, int oldCount, SourceProgress[] shards, DateTimeOffset wallNow, CancellationToken cancellationToken)
    {
        var topic = new TopicPartition(kafka.Topics.Watermarks, 0);
        producer.Begin();
        foreach (var shard in shards)
        {
            await SendAsync(target.KeyOf(shard.Shard), (shard with { UpdatedAt = wallNow }).ToJson()).ConfigureAwait(false);
        }

        for (var shard = 0; shard < oldCount; shard++)
        {
            await SendAsync(ProgressKey.Of(target.Name, shard, oldCount), null).ConfigureAwait(false);
        }

        producer.Commit(cancellationToken);

        async Task SendAsync(string key, byte[]? value)
        {
            var message = new Message<byte[], byte[]> { Key = Encoding.UTF8.GetBytes(key), Value = value! };
            if (!await producer.SendAsync(topic, message, cancellationToken).ConfigureAwait(false))
            {
                throw HybridException.Failure($"the progress '{key}' is larger than a Kafka message may be: set message.max.bytes higher");
            }
        }
    }

    private Task<TransactionalProducer> OpenAsync(string id, CancellationToken cancellationToken) =>
        Task.Run(() => TransactionalProducer.Open(kafka, id, options.TransactionTimeout, cancellationToken), cancellationToken);
}
