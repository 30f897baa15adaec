using Hybrid.Sandbox.Kafka.Groups;

namespace Hybrid.Sandbox.Kafka.Transactions;

/// <summary>A transactional id, who holds it and how its transaction stands. Guarded by its own <see cref="Gate"/>.</summary>
internal sealed class TransactionalProducer(string transactionalId)
{
    public Lock Gate { get; } = new();

    public string TransactionalId { get; } = transactionalId;

    public long ProducerId { get; set; } = -1;

    public short Epoch { get; set; } = -1;

    /// <summary>The epoch before the last one that its holder itself asked to raise; −1 without one.</summary>
    public short LastEpoch { get; set; } = -1;

    public TimeSpan Timeout { get; set; }

    public TransactionState State { get; set; }

    /// <summary>When the transaction began, milliseconds since 1970.</summary>
    public long StartedAt { get; set; }

    public HashSet<TopicPartition> Partitions { get; } = [];

    public HashSet<string> Groups { get; } = new(StringComparer.Ordinal);

    public bool IsEnding => State is TransactionState.PrepareCommit or TransactionState.PrepareAbort;

    public StoredTransaction ToStored() => new(
        ProducerId, Epoch, LastEpoch, (long)Timeout.TotalMilliseconds, State, StartedAt,
        [.. Partitions.Select(partition => new StoredPartition(partition.Topic, partition.Partition))], [.. Groups]);

    public static TransactionalProducer FromStored(string transactionalId, StoredTransaction stored)
    {
        var producer = new TransactionalProducer(transactionalId)
        {
            ProducerId = stored.ProducerId,
            Epoch = stored.Epoch,
            LastEpoch = stored.LastEpoch,
            Timeout = TimeSpan.FromMilliseconds(stored.Timeout),
            State = stored.State,
            StartedAt = stored.StartedAt,
        };
        producer.Partitions.UnionWith(stored.Partitions.Select(partition => new TopicPartition(partition.Topic, partition.Partition)));
        producer.Groups.UnionWith(stored.Groups);
        return producer;
    }
}
