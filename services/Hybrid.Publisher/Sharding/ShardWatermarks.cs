using System.Text;
using Confluent.Kafka;
using Hybrid.Pipeline.Kafka;
using Hybrid.Pipeline.Planning;
using Hybrid.Pipeline.Progress;
using Hybrid.Publisher.Progress;
using Hybrid.Publisher.Publishing;

namespace Hybrid.Publisher.Sharding;

/// <summary>
/// Follows the watermarks that the other shards of a source commit. What it knows may be a little old, and is then too low: a control record
/// that a shard writes after it has read of another's watermark stands behind everything that this one covers.
/// </summary>
internal sealed class ShardWatermarks : ISourceWatermark, IDisposable
{
    private readonly Dictionary<string, SourceProgress> _others = new(StringComparer.Ordinal);
    private readonly IConsumer<byte[], byte[]> _consumer;
    private readonly ProgressStore _progress;
    private readonly PublishTarget _target;

    private ShardWatermarks(IConsumer<byte[], byte[]> consumer, ProgressStore progress, PublishTarget target) =>
        (_consumer, _progress, _target) = (consumer, progress, target);

    /// <summary>Begins to follow.</summary>
    /// <param name="kafka">The cluster.</param>
    /// <param name="progress">Reads what is committed.</param>
    /// <param name="target">Whose source.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<ShardWatermarks> FollowAsync(
        KafkaClients kafka, ProgressStore progress, PublishTarget target, CancellationToken cancellationToken)
    {
        var consumer = kafka.ConsumerBuilder("publisher-shards", config => config.FetchWaitMaxMs = 50).Build();
        try
        {
            var end = await progress.EndAsync(cancellationToken).ConfigureAwait(false);
            consumer.Assign(new TopicPartitionOffset(kafka.Topics.Watermarks, 0, end));
            var watermarks = new ShardWatermarks(consumer, progress, target);
            await watermarks.RefreshAsync(cancellationToken).ConfigureAwait(false);
            return watermarks;
        }
        catch
        {
            consumer.Dispose();
            throw;
        }
    }

    public DateTimeOffset? Next(DateTimeOffset own, DateTimeOffset? announced)
    {
        while (_consumer.Consume(TimeSpan.Zero) is { Message: { Key: not null, Value: not null } message })
        {
            if (Encoding.UTF8.GetString(message.Key) is var key && IsOther(key))
            {
                _others[key] = _progress.Parse(key, message.Value);
            }
        }

        if (_others.Count < _target.Shard.Count - 1)
        {
            return null;
        }

        var least = _others.Values.Aggregate(own, (low, other) => other.Watermark < low ? other.Watermark : low);
        var told = _others.Values.Aggregate(announced, (high, other) => high is null || other.SourceWatermark > high ? other.SourceWatermark : high);
        return told >= least ? null : least;
    }

    public async Task RefreshAsync(CancellationToken cancellationToken)
    {
        foreach (var (key, progress) in await _progress.ReadShardsAsync(_target.Name, cancellationToken).ConfigureAwait(false))
        {
            if (IsOther(key))
            {
                _others[key] = progress;
            }
        }
    }

    public void Dispose() => _consumer.Dispose();

    private bool IsOther(string key) =>
        key != _target.Key && Enumerable.Range(0, _target.Shard.Count).Any(shard => key == _target.KeyOf(shard));
}
