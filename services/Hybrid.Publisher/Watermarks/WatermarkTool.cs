using System.Text;
using System.Text.Json;
using Confluent.Kafka;
using Hybrid.Contracts.Partitions;
using Hybrid.Pipeline.Hosting;
using Hybrid.Pipeline.Kafka;
using Hybrid.Pipeline.Measurement;
using Hybrid.Pipeline.Progress;
using Hybrid.Publisher.Progress;
using Hybrid.Publisher.Publishing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Hybrid.Publisher.Watermarks;

/// <summary>One change of a watermark.</summary>
/// <param name="Key">The record's key: the source, or a shard or backfill of it.</param>
/// <param name="Offset">Where the record stands.</param>
/// <param name="Written">When it was written, wall time.</param>
/// <param name="Progress">The progress; null when the key was reset, or when the record cannot be read.</param>
/// <param name="Broken">Why it cannot be read; null when it can.</param>
public sealed record WatermarkChange(string Key, long Offset, DateTimeOffset Written, SourceProgress? Progress, string? Broken);

/// <summary>Where a source, a shard or a backfill stands.</summary>
/// <param name="Change">The last change.</param>
/// <param name="Publishers">The publishers of it that are alive.</param>
public sealed record WatermarkStatus(WatermarkChange Change, IReadOnlyList<LivePublisher> Publishers);

/// <summary>A watermark that was, or would be, moved.</summary>
/// <param name="Key">The record's key.</param>
/// <param name="Before">What it was; null for none.</param>
/// <param name="After">What it is; null when it was reset.</param>
public sealed record MovedWatermark(string Key, SourceProgress? Before, SourceProgress? After);

/// <summary>What an operator does with the watermarks of sources: look at them and their history, move them, forget them.</summary>
public sealed class WatermarkTool : IAsyncDisposable
{
    private static readonly TimeSpan TransactionTimeout = TimeSpan.FromMinutes(1);

    private readonly ServiceProvider _services;
    private readonly KafkaClients _kafka;
    private readonly PublisherOptions _publisher;
    private readonly SourceOptions _source;
    private readonly TimeProvider _clock = TimeProvider.System;

    /// <summary>Makes the tool; nothing is requested yet.</summary>
    /// <param name="configuration">The sections <c>Kafka</c>, <c>Source</c> and <c>Publisher</c>, as the publisher has them.</param>
    /// <exception cref="HybridException">An option is wrong.</exception>
    public WatermarkTool(IConfiguration configuration)
    {
        var services = new ServiceCollection();
        services.AddLogging(logging => logging.AddHybridLogging(configuration));
        services.AddSingleton<HybridMetrics>();
        services.AddKafka(configuration);
        _publisher = services.AddHybridOptions<PublisherOptions>(configuration, PublisherOptions.Section);
        _source = services.AddHybridOptions<SourceOptions>(configuration, SourceOptions.Section);
        _services = services.BuildServiceProvider();
        _kafka = _services.GetRequiredService<KafkaClients>();
    }

    /// <summary>Reads the changes that the topic still holds, the oldest first; its compaction keeps the last of every key at least.</summary>
    /// <param name="source">The source, with its shards and backfills; null for all.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="HybridException">The cluster cannot be reached.</exception>
    public IEnumerable<WatermarkChange> History(string? source, CancellationToken cancellationToken) =>
        TopicScan.Read(_kafka, _kafka.Topics.Watermarks, since: null, cancellationToken)
            .Where(record => record.Message.Key is not null)
            .Select(Change)
            .Where(change => source is null || change.Key == source || change.Key.StartsWith(source + "#", StringComparison.Ordinal) || change.Key.StartsWith(source + "@", StringComparison.Ordinal));

    /// <summary>Tells where sources stand and whether a publisher of them is alive.</summary>
    /// <param name="source">The source, with its shards and backfills; null for all.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="HybridException">The cluster cannot be reached.</exception>
    public async Task<IReadOnlyList<WatermarkStatus>> ShowAsync(string? source, CancellationToken cancellationToken)
    {
        var last = new SortedDictionary<string, WatermarkChange>(StringComparer.Ordinal);
        foreach (var change in History(source, cancellationToken))
        {
            last[change.Key] = change;
        }

        var statuses = new List<WatermarkStatus>();
        foreach (var change in last.Values.Where(change => change.Progress is not null || change.Broken is not null))
        {
            var publishers = await PublisherPresence.FindAsync(_kafka, WatermarkKey.Parse(change.Key).TransactionalId, cancellationToken).ConfigureAwait(false);
            statuses.Add(new WatermarkStatus(change, publishers));
        }

        return statuses;
    }

    /// <summary>Moves the watermark of a source, of all its shards unless the key of one is given.</summary>
    /// <param name="key">The source, or the key of one shard or backfill.</param>
    /// <param name="to">The start of the first partition to publish, event time.</param>
    /// <param name="begin">Whether it may be a source that has no watermark yet, whose publisher then begins at <paramref name="to"/>.</param>
    /// <param name="dryRun">Whether to say only what would be done.</param>
    /// <param name="cancellationToken">Gives up; nothing is moved then.</param>
    /// <exception cref="HybridException">
    /// A publisher is alive, the time is no boundary of the period, there is no watermark to move, or the cluster cannot be reached.
    /// </exception>
    public Task<IReadOnlyList<MovedWatermark>> SetAsync(string key, DateTimeOffset to, bool begin, bool dryRun, CancellationToken cancellationToken)
    {
        if (to.UtcTicks % _source.Period.Ticks != 0)
        {
            throw HybridException.WrongCall($"{to.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'} is no boundary of Source:Period {_source.Period}: give the start of a partition, or the period with --period");
        }

        var target = new PartitionId(to, _source.Period);
        var layout = _source.CreateLayout();
        return MoveAsync(
            key,
            (one, current) => current is null
                ? begin
                    ? WatermarkMove.Begin(one, target, _clock.GetUtcNow())
                    : throw HybridException.WrongCall($"'{one.Key}' has no watermark to move: 'hybrid watermark show' lists those that there are; to say where a new source begins, give --new")
                : WatermarkMove.To(current, target, layout, _publisher.OverlapPartitions, _clock.GetUtcNow()),
            dryRun,
            cancellationToken);
    }

    /// <summary>Forgets a source's progress: its publisher begins anew, at the earliest partition or at <c>Publisher:From</c>.</summary>
    /// <param name="key">The source, or the key of one shard or backfill.</param>
    /// <param name="dryRun">Whether to say only what would be done.</param>
    /// <param name="cancellationToken">Gives up; nothing is forgotten then.</param>
    /// <exception cref="HybridException">A publisher is alive, there is nothing to forget, or the cluster cannot be reached.</exception>
    public Task<IReadOnlyList<MovedWatermark>> ResetAsync(string key, bool dryRun, CancellationToken cancellationToken) =>
        MoveAsync(
            key,
            (one, current) => current is null
                ? throw HybridException.WrongCall($"'{one.Key}' has no watermark to forget: 'hybrid watermark show' lists those that there are")
                : null,
            dryRun,
            cancellationToken);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _services.DisposeAsync();

    private static WatermarkChange Change(ConsumeResult<byte[], byte[]> record)
    {
        var key = Encoding.UTF8.GetString(record.Message.Key);
        var written = new DateTimeOffset(record.Message.Timestamp.UtcDateTime);
        try
        {
            var progress = record.Message.Value is { } value ? SourceProgress.FromJson(value) : null;
            return new WatermarkChange(key, record.Offset.Value, written, progress, null);
        }
        catch (JsonException broken)
        {
            return new WatermarkChange(key, record.Offset.Value, written, null, broken.Message.ReplaceLineEndings(" "));
        }
    }

    private async Task<IReadOnlyList<MovedWatermark>> MoveAsync(
        string key, Func<WatermarkKey, SourceProgress?, SourceProgress?> move, bool dryRun, CancellationToken cancellationToken)
    {
        await _kafka.EnsureTopicsAsync(cancellationToken).ConfigureAwait(false);
        var (keys, exists) = KeysOf(key, cancellationToken);
        await RefuseLiveAsync(keys, cancellationToken).ConfigureAwait(false);
        var producers = new List<TransactionalProducer>();
        try
        {
            if (!dryRun)
            {
                // From here on a publisher that was not seen cannot commit any more: it would go on from what it remembers.
                foreach (var one in keys)
                {
                    producers.Add(await Task.Run(
                        () => TransactionalProducer.Open(_kafka, one.TransactionalId, TransactionTimeout, cancellationToken), cancellationToken).ConfigureAwait(false));
                }

                await RefuseLiveAsync(keys, cancellationToken).ConfigureAwait(false);
            }

            var store = new ProgressStore(_kafka);
            var moves = new List<MovedWatermark>();
            foreach (var one in keys)
            {
                var before = (await store.ReadShardsAsync(one.Name, cancellationToken).ConfigureAwait(false)).GetValueOrDefault(one.Key);
                if (exists && before is null)
                {
                    throw HybridException.Failure($"'{one.Key}' was given up meanwhile, as when the number of shards changes: nothing is moved; look with 'hybrid watermark show'");
                }

                moves.Add(new MovedWatermark(one.Key, before, move(one, before)));
            }

            for (var index = 0; index < producers.Count; index++)
            {
                await WriteAsync(producers[index], moves[index], cancellationToken).ConfigureAwait(false);
            }

            return moves;
        }
        catch (KafkaException fenced) when (fenced.Error.Code is ErrorCode.ProducerFenced or ErrorCode.InvalidProducerEpoch or ErrorCode.Local_Fenced)
        {
            throw HybridException.Failure(
                $"a publisher of '{key}' started meanwhile and took over: its watermark is not moved; stop it and look with 'hybrid watermark show'", fenced);
        }
        catch (KafkaException failure)
        {
            throw HybridException.Unreachable($"Kafka does not take the watermark ({failure.Error.Reason}): look with 'hybrid watermark show' whether it was moved", failure);
        }
        finally
        {
            producers.ForEach(producer => producer.Dispose());
        }
    }

    private async Task WriteAsync(TransactionalProducer producer, MovedWatermark moved, CancellationToken cancellationToken)
    {
        producer.Begin();
        try
        {
            var record = new Message<byte[], byte[]> { Key = Encoding.UTF8.GetBytes(moved.Key), Value = moved.After?.ToJson()! };
            await producer.SendAsync(new TopicPartition(_kafka.Topics.Watermarks, 0), record, cancellationToken).ConfigureAwait(false);
            producer.Commit(CancellationToken.None);
        }
        catch
        {
            producer.Abort();
            throw;
        }
    }

    /// <summary>The key itself, or the keys of all shards of a source that is shared; and whether they have a watermark.</summary>
    private (List<WatermarkKey> Keys, bool Exist) KeysOf(string key, CancellationToken cancellationToken)
    {
        var last = new SortedDictionary<string, bool>(StringComparer.Ordinal);
        foreach (var change in History(source: null, cancellationToken).Where(change => ProgressKey.IsOf(change.Key, key)))
        {
            last[change.Key] = change.Progress is not null || change.Broken is not null;
        }

        var keys = last.Where(one => one.Value).Select(one => WatermarkKey.Parse(one.Key)).ToList();
        return keys.Count > 0 ? (keys, true) : ([WatermarkKey.Parse(key)], false);
    }

    private async Task RefuseLiveAsync(List<WatermarkKey> keys, CancellationToken cancellationToken)
    {
        foreach (var key in keys)
        {
            var publishers = await PublisherPresence.FindAsync(_kafka, key.TransactionalId, cancellationToken).ConfigureAwait(false);
            if (publishers.Count > 0)
            {
                throw HybridException.Failure(
                    $"a publisher of '{key.Key}' is alive ({publishers[0].Client} at {publishers[0].Host}): stop it first; one that was killed is forgotten within ten seconds");
            }
        }
    }
}
