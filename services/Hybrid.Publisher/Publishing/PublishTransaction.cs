using System.Diagnostics;
using System.Globalization;
using System.Text;
using Confluent.Kafka;
using Hybrid.Contracts.Partitions;
using Hybrid.Contracts.Topics;
using Hybrid.Pipeline.Hosting;
using Hybrid.Pipeline.ObjectStore;
using Hybrid.Pipeline.Planning;
using Hybrid.Publisher.Measurement;

namespace Hybrid.Publisher.Publishing;

/// <summary>
/// One Kafka transaction after the other, each with records, control records and the state that covers them. A large object goes on from one
/// to the next; many small partitions share one.
/// </summary>
internal sealed class PublishTransaction(
    TransactionalProducer producer,
    PublishTarget target,
    TopicNames topics,
    int kafkaPartitions,
    ISourceWatermark source,
    PublisherOptions options,
    EventClock clock,
    PublisherMeter meter,
    PublishState committed)
{
    /// <summary>A transaction that takes longer than this part of its timeout goes on in the next one, and never times out for being slow.</summary>
    private const int TimeoutShare = 4;

    /// <summary>A group of partitions is not held back for longer than this, so that none waits for those after it.</summary>
    private static readonly TimeSpan s_groupTime = TimeSpan.FromSeconds(1);

    private readonly List<(PartitionId Partition, ObjectEntry Entry, long Records, DateTimeOffset Discovered)> _sent = [];
    private readonly List<PartitionId> _late = [];
    private PublishState _committed = committed;
    private long _began;
    private long _lines;
    private long _bytes;
    private int _partitions;

    /// <summary>What is published once the open transaction is committed.</summary>
    public PublishState State { get; private set; } = committed;

    public bool IsOpen { get; private set; }

    /// <summary>Whether there is something to commit.</summary>
    public bool IsPending => IsOpen || !ReferenceEquals(State, _committed);

    /// <summary>Whether a large object has to go on in the next transaction.</summary>
    public bool IsFull =>
        IsOpen && (_lines >= options.TransactionRecords || _bytes >= options.TransactionBytes || Age >= options.TransactionTimeout / TimeoutShare);

    /// <summary>Whether the next partition has to go into the next transaction.</summary>
    public bool IsGroupFull =>
        IsOpen && (_lines >= options.GroupRecords || _partitions >= options.GroupPartitions || Age >= s_groupTime || IsFull);

    private TimeSpan Age => Stopwatch.GetElapsedTime(_began);

    /// <summary>Begins a transaction when none is open.</summary>
    public void EnsureOpen()
    {
        if (!IsOpen)
        {
            producer.Begin();
            (IsOpen, _began, _lines, _bytes, _partitions) = (true, Stopwatch.GetTimestamp(), 0, 0, 0);
        }
    }

    /// <summary>Takes the next state, which nothing was sent for.</summary>
    public void Take(PublishState state) => State = state;

    /// <summary>Takes the state after lines that were sent.</summary>
    public void Take(PublishState state, PartitionId partition, ObjectEntry entry, in SentLines sent, DateTimeOffset discovered)
    {
        if (state.Counts.LateObjects > State.Counts.LateObjects)
        {
            _late.Add(partition);
        }

        State = state;
        _lines += sent.Lines;
        _bytes += sent.Bytes;
        if (sent.Records > 0)
        {
            _sent.Add((partition, entry, sent.Records, discovered));
        }
    }

    /// <summary>A partition is whole.</summary>
    public void Complete(PartitionId partition)
    {
        State = State.Complete(partition);
        _partitions++;
    }

    /// <summary>Tells the consumers of the source's watermark when it moved: a control record in each Kafka partition, behind all that it covers.</summary>
    public async ValueTask AnnounceAsync(CancellationToken cancellationToken)
    {
        if (source.Next(State.Watermark, State.Announced) is not { } watermark)
        {
            return;
        }

        EnsureOpen();
        var control = new Message<byte[], byte[]>
        {
            Key = Encoding.UTF8.GetBytes(target.Source),
            Value = null!,
            Headers = new Headers
            {
                { RecordHeaders.Watermark, ObjectPublisher.Milliseconds(watermark) },
                { RecordHeaders.Closed, ObjectPublisher.Milliseconds(clock.ToWall(watermark)) },
            },
        };
        if (!target.Shard.IsWhole)
        {
            control.Headers.Add(RecordHeaders.Shards, Encoding.UTF8.GetBytes(target.Shard.Count.ToString(CultureInfo.InvariantCulture)));
        }

        for (var partition = 0; partition < kafkaPartitions; partition++)
        {
            await producer.SendAsync(new TopicPartition(target.Deltas, partition), control, cancellationToken).ConfigureAwait(false);
        }

        State = State.Announce(watermark);
    }

    /// <summary>Learns of everything that other shards have committed, and tells the consumers when the source's watermark moved.</summary>
    public async Task SettleAsync(CancellationToken cancellationToken)
    {
        await source.RefreshAsync(cancellationToken).ConfigureAwait(false);
        await AnnounceAsync(cancellationToken).ConfigureAwait(false);
        if (IsOpen)
        {
            await CommitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Writes the progress and commits.</summary>
    /// <exception cref="KafkaException">Not committed, or not known to be: read the progress again.</exception>
    public async Task CommitAsync(CancellationToken cancellationToken)
    {
        EnsureOpen();
        var progress = State.ToProgress(clock.WallNow);
        var record = new Message<byte[], byte[]> { Key = Encoding.UTF8.GetBytes(target.Key), Value = progress.ToJson() };
        if (!await producer.SendAsync(new TopicPartition(topics.Watermarks, 0), record, cancellationToken).ConfigureAwait(false))
        {
            throw HybridException.Failure(
                $"the progress of {target.Description} is larger than a Kafka message may be, with {progress.Objects.Count} objects in the overlap window: set Publisher:OverlapPartitions lower, or message.max.bytes higher");
        }

        producer.Commit(cancellationToken);
        IsOpen = false;
        meter.Committed(_committed.Counts, State.Counts, _bytes, Age);
        foreach (var (partition, entry, records, discovered) in _sent)
        {
            meter.Fresh(partition, entry, records, discovered);
        }

        foreach (var partition in _late)
        {
            meter.Late(partition);
        }

        _committed = State;
        _sent.Clear();
        _late.Clear();
    }

    /// <summary>Aborts what is open; the state falls back to what is committed.</summary>
    public void Abort()
    {
        if (IsOpen)
        {
            producer.Abort();
            IsOpen = false;
        }

        State = _committed;
        _sent.Clear();
        _late.Clear();
    }
}
