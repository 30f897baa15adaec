using Hybrid.Sandbox.Kafka.Protocol;
using Hybrid.Sandbox.Kafka.Records;

namespace Hybrid.Sandbox.Kafka.Log;

/// <summary>What became of an append.</summary>
/// <param name="Error">None when the batch is in the log, now or already before.</param>
/// <param name="BaseOffset">Offset of its first record; −1 on an error.</param>
/// <param name="AppendTime">The time it was stamped with, −1 where records keep their own.</param>
internal readonly record struct AppendResult(ErrorCode Error, long BaseOffset = -1, long AppendTime = -1);

/// <summary>A record found by its time; both −1 when there is none so late.</summary>
internal readonly record struct TimestampedOffset(long Offset, long Timestamp);

/// <summary>
/// The log of one partition: batches in order, in segments, with the state of its producers. One thread at a time
/// appends; reads go on beside it.
/// </summary>
internal sealed partial class PartitionLog : IDisposable
{
    private readonly Lock _gate = new();
    private readonly string _directory;
    private readonly Func<LogSettings> _settings;
    private readonly List<LogSegment> _segments = [];
    private readonly List<AppendWaiter> _waiters = [];
    private readonly ProducerTable _producers;
    private long _startOffset;
    private bool _closed;

    public long StartOffset
    {
        get
        {
            lock (_gate)
            {
                return _startOffset;
            }
        }
    }

    /// <summary>The offset that the next record gets.</summary>
    public long HighWatermark
    {
        get
        {
            lock (_gate)
            {
                return Active.NextOffset;
            }
        }
    }

    /// <summary>The offset up to which every transaction is decided.</summary>
    public long LastStableOffset
    {
        get
        {
            lock (_gate)
            {
                return StableOffset;
            }
        }
    }

    /// <summary>Size of its segments in bytes.</summary>
    public long SizeInBytes
    {
        get
        {
            lock (_gate)
            {
                return _segments.Sum(segment => (long)segment.Size);
            }
        }
    }

    private LogSegment Active => _segments[^1];

    private long StableOffset => _producers.FirstOpenOffset ?? Active.NextOffset;

    /// <summary>Appends a client's batch; its offset and leader epoch are filled in in place.</summary>
    /// <param name="bytes">One whole batch.</param>
    public AppendResult Append(Span<byte> bytes)
    {
        var settings = _settings();
        var batch = new RecordBatch(bytes);
        if (Validate(batch, bytes.Length, settings) is var invalid and not ErrorCode.None)
        {
            return new AppendResult(invalid);
        }
        lock (_gate)
        {
            if (batch.ProducerId != RecordBatch.NoProducer)
            {
                if (_producers.Check(batch, out var duplicate) is var refused and not ErrorCode.None)
                {
                    return new AppendResult(refused);
                }
                if (duplicate is { } earlier)
                {
                    return new AppendResult(ErrorCode.None, earlier.BaseOffset);
                }
            }
            return Write(batch, bytes, settings);
        }
    }

    /// <summary>Ends a producer's transaction here, and fences epochs lower than the marker's.</summary>
    public ErrorCode AppendMarker(long producerId, short producerEpoch, bool commit)
    {
        var bytes = ControlBatch.Create(producerId, producerEpoch, commit, Now());
        lock (_gate)
        {
            return _producers.EpochOf(producerId) > producerEpoch
                ? ErrorCode.InvalidProducerEpoch
                : Write(new RecordBatch(bytes), bytes, _settings()).Error;
        }
    }

    /// <summary>The producers with an open transaction here.</summary>
    public (long ProducerId, short Epoch)[] OpenTransactions()
    {
        lock (_gate)
        {
            return [.. _producers.Producers
                .Where(producer => producer.OpenSince is not null)
                .Select(producer => (producer.ProducerId, producer.Epoch))];
        }
    }

    /// <summary>The greatest producer id that wrote here; −1 when none did.</summary>
    public long GreatestProducerId()
    {
        lock (_gate)
        {
            return _producers.Producers.Select(producer => producer.ProducerId).DefaultIfEmpty(-1).Max();
        }
    }

    /// <summary>Has a waiter signalled at the next append.</summary>
    public void Register(AppendWaiter waiter)
    {
        lock (_gate)
        {
            _waiters.Add(waiter);
        }
    }

    public void Unregister(AppendWaiter waiter)
    {
        lock (_gate)
        {
            _waiters.Remove(waiter);
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _closed = true;
            foreach (var segment in _segments)
            {
                segment.Dispose();
            }
            SignalWaiters();
        }
    }

    private static long Now() => DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();

    private static ErrorCode Validate(RecordBatch batch, int length, LogSettings settings)
    {
        if (length < RecordBatch.HeaderSize)
        {
            return ErrorCode.CorruptMessage;
        }
        if (batch.Magic != 2)
        {
            return ErrorCode.UnsupportedForMessageFormat;
        }
        if (batch.Size != length)
        {
            // More than one batch, or a length that is not that of the bytes.
            return batch.Size < RecordBatch.HeaderSize || batch.Size > length ? ErrorCode.CorruptMessage : ErrorCode.InvalidRecord;
        }
        if (length > settings.MaxMessageBytes)
        {
            return ErrorCode.MessageTooLarge;
        }
        if (!batch.IsIntact)
        {
            return ErrorCode.CorruptMessage;
        }
        var idempotent = batch.ProducerId != RecordBatch.NoProducer;
        return batch.RecordCount <= 0 || batch.LastOffsetDelta != batch.RecordCount - 1 || batch.IsControl
            || (idempotent && (batch.BaseSequence < 0 || batch.ProducerEpoch < 0)) || (batch.IsTransactional && !idempotent)
            ? ErrorCode.InvalidRecord
            : ErrorCode.None;
    }

    private AppendResult Write(RecordBatch batch, Span<byte> bytes, LogSettings settings)
    {
        if (_closed)
        {
            return new AppendResult(ErrorCode.UnknownTopicOrPartition);
        }
        var now = Now();
        try
        {
            if (settings.LogAppendTime && !batch.IsControl)
            {
                batch.StampAppendTime(now);
            }
            if (IsActiveFull(batch, settings))
            {
                Roll(settings);
            }
            batch.BaseOffset = Active.NextOffset;
            batch.LeaderEpoch = 0;
            Active.Append(batch, bytes, settings.Disk, settings.FlushEveryBatch);
        }
        catch (IOException)
        {
            return new AppendResult(ErrorCode.KafkaStorageError);
        }
        _producers.Apply(batch, now);
        SignalWaiters();
        return new AppendResult(ErrorCode.None, batch.BaseOffset, settings.LogAppendTime ? now : -1);
    }

    private bool IsActiveFull(RecordBatch next, LogSettings settings) =>
        Active.Size > 0
        && ((long)Active.Size + next.Size > settings.SegmentBytes
            || (Active.FirstTimestamp >= 0 && next.MaxTimestamp - Active.FirstTimestamp > settings.SegmentAge.TotalMilliseconds));

    private void Roll(LogSettings settings)
    {
        Active.Seal();
        ProducerSnapshot.Save(_directory, Active.NextOffset, _producers);
        _segments.Add(new LogSegment(_directory, Active.NextOffset, settings.IndexIntervalBytes));
    }

    private void SignalWaiters()
    {
        foreach (var waiter in _waiters)
        {
            waiter.Signal();
        }
        _waiters.Clear();
    }
}
