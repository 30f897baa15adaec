using Hybrid.Sandbox.Kafka.Protocol;
using Hybrid.Sandbox.Kafka.Records;

namespace Hybrid.Sandbox.Kafka.Log;

/// <summary>A transaction that was aborted: readers of committed records skip its records up to the marker.</summary>
/// <param name="ProducerId">Who wrote it.</param>
/// <param name="FirstOffset">Offset of its first record in the partition.</param>
/// <param name="MarkerOffset">Offset of the marker that aborted it.</param>
internal readonly record struct AbortedTransaction(long ProducerId, long FirstOffset, long MarkerOffset);

/// <summary>The producers of one partition: their sequences and epochs, open and aborted transactions.</summary>
internal sealed class ProducerTable
{
    private readonly Dictionary<long, ProducerState> _producers = [];
    private readonly SortedSet<long> _openSince = [];
    private readonly List<AbortedTransaction> _aborted = [];

    public IReadOnlyCollection<ProducerState> Producers => _producers.Values;

    public IReadOnlyList<AbortedTransaction> Aborted => _aborted;

    /// <summary>The first offset of the oldest transaction that is neither committed nor aborted; null without one.</summary>
    public long? FirstOpenOffset => _openSince.Count == 0 ? null : _openSince.Min;

    /// <summary>Whether a producer's batch may be written now.</summary>
    /// <param name="batch">The batch, of a producer with an id.</param>
    /// <param name="duplicate">The earlier writing of this same batch, if it is a repetition.</param>
    public ErrorCode Check(RecordBatch batch, out WrittenBatch? duplicate)
    {
        duplicate = null;
        if (!_producers.TryGetValue(batch.ProducerId, out var producer))
        {
            return ErrorCode.None;
        }
        if (batch.ProducerEpoch < producer.Epoch)
        {
            return ErrorCode.InvalidProducerEpoch;
        }
        if (batch.ProducerEpoch > producer.Epoch)
        {
            return batch.BaseSequence == 0 ? ErrorCode.None : ErrorCode.OutOfOrderSequenceNumber;
        }
        duplicate = producer.FindDuplicate(batch.BaseSequence, batch.LastSequence);
        var expected = producer.LastSequence == int.MaxValue ? 0 : producer.LastSequence + 1;
        return duplicate is not null || batch.BaseSequence == expected ? ErrorCode.None : ErrorCode.OutOfOrderSequenceNumber;
    }

    /// <summary>The epoch of a producer here; null when it never wrote.</summary>
    public short? EpochOf(long producerId) => _producers.TryGetValue(producerId, out var producer) ? producer.Epoch : null;

    /// <summary>Takes note of a batch that was written.</summary>
    public void Apply(RecordBatch batch, long now)
    {
        if (batch.ProducerId == RecordBatch.NoProducer)
        {
            return;
        }
        if (!_producers.TryGetValue(batch.ProducerId, out var producer))
        {
            _producers[batch.ProducerId] = producer = new ProducerState(batch.ProducerId, batch.ProducerEpoch);
        }
        else if (batch.ProducerEpoch > producer.Epoch)
        {
            producer.BeginEpoch(batch.ProducerEpoch);
        }
        producer.LastSeen = now;
        if (batch.IsControl)
        {
            End(producer, ControlBatch.IsCommit(batch.Records), batch.BaseOffset);
            return;
        }
        producer.Remember(new WrittenBatch(batch.BaseSequence, batch.LastSequence, batch.BaseOffset));
        if (batch.IsTransactional && producer.OpenSince is null)
        {
            producer.OpenSince = batch.BaseOffset;
            _openSince.Add(batch.BaseOffset);
        }
    }

    /// <summary>Puts back a producer as a snapshot has it.</summary>
    public void Restore(ProducerState producer)
    {
        _producers[producer.ProducerId] = producer;
        if (producer.OpenSince is { } offset)
        {
            _openSince.Add(offset);
        }
    }

    /// <summary>Puts back an aborted transaction as a snapshot has it.</summary>
    public void Restore(AbortedTransaction aborted) => _aborted.Add(aborted);

    /// <summary>The aborted transactions with records in [<paramref name="from"/>, <paramref name="until"/>).</summary>
    public void CollectAborted(long from, long until, List<AbortedTransaction> result)
    {
        int low = 0, high = _aborted.Count;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (_aborted[middle].MarkerOffset < from)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }
        for (; low < _aborted.Count; low++)
        {
            if (_aborted[low].FirstOffset < until)
            {
                result.Add(_aborted[low]);
            }
        }
    }

    /// <summary>Forgets what lies before the start of the log, and producers that were idle for long.</summary>
    public void Forget(long logStart, long idleBefore)
    {
        _aborted.RemoveAll(aborted => aborted.MarkerOffset < logStart);
        foreach (var producer in _producers.Values)
        {
            if (producer.OpenSince is null && producer.LastSeen < idleBefore)
            {
                _producers.Remove(producer.ProducerId);
            }
        }
    }

    private void End(ProducerState producer, bool commit, long markerOffset)
    {
        if (producer.OpenSince is not { } first)
        {
            return;
        }
        producer.OpenSince = null;
        _openSince.Remove(first);
        if (!commit)
        {
            _aborted.Add(new AbortedTransaction(producer.ProducerId, first, markerOffset));
        }
    }
}
