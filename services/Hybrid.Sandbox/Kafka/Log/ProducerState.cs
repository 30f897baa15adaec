namespace Hybrid.Sandbox.Kafka.Log;

/// <summary>A batch that a producer wrote, as it is remembered to recognise a repetition.</summary>
internal readonly record struct WrittenBatch(int FirstSequence, int LastSequence, long BaseOffset);

/// <summary>What a partition knows of an idempotent or transactional producer.</summary>
internal sealed class ProducerState(long producerId, short epoch)
{
    /// <summary>How many batches a producer may have in flight, which is how many are remembered (KIP-98).</summary>
    public const int RememberedBatches = 5;

    private readonly Queue<WrittenBatch> _batches = new(RememberedBatches);

    public long ProducerId { get; } = producerId;

    public short Epoch { get; private set; } = epoch;

    /// <summary>The sequence of the last record; −1 when none was written in this epoch.</summary>
    public int LastSequence { get; private set; } = -1;

    /// <summary>The first offset of the transaction that is open in this partition; null when none is.</summary>
    public long? OpenSince { get; set; }

    /// <summary>When it last wrote here, milliseconds since 1970 by the broker's clock.</summary>
    public long LastSeen { get; set; }

    public IReadOnlyCollection<WrittenBatch> Batches => _batches;

    /// <summary>The batch that was already written with these sequences, if it is remembered.</summary>
    public WrittenBatch? FindDuplicate(int firstSequence, int lastSequence)
    {
        foreach (var batch in _batches)
        {
            if (batch.FirstSequence == firstSequence && batch.LastSequence == lastSequence)
            {
                return batch;
            }
        }
        return null;
    }

    public void BeginEpoch(short epoch)
    {
        Epoch = epoch;
        LastSequence = -1;
        _batches.Clear();
    }

    public void Remember(WrittenBatch batch)
    {
        if (_batches.Count == RememberedBatches)
        {
            _batches.Dequeue();
        }
        _batches.Enqueue(batch);
        LastSequence = batch.LastSequence;
    }
}
