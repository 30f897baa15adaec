using System.Text.Json;
using System.Text.Json.Serialization;
using Hybrid.Sandbox.Faults;
using Hybrid.Sandbox.Kafka.Storage;

namespace Hybrid.Sandbox.Kafka.Transactions;

/// <summary>A partition of a transaction as the journal keeps it.</summary>
internal sealed record StoredPartition(string Topic, int Partition);

/// <summary>A transactional id as the journal keeps it; times in milliseconds.</summary>
internal sealed record StoredTransaction(
    long ProducerId, short Epoch, short LastEpoch, long Timeout, TransactionState State, long StartedAt,
    IReadOnlyList<StoredPartition> Partitions, IReadOnlyList<string> Groups);

[JsonSerializable(typeof(StoredTransaction))]
internal sealed partial class TransactionJson : JsonSerializerContext;

/// <summary>Transactions and the producer ids given out, in a journal.</summary>
internal sealed class TransactionStore : IDisposable
{
    private const string NextProducerIdKey = "\0next-producer-id";

    private readonly KeyedJournal _journal;

    /// <exception cref="IOException">The journal cannot be opened.</exception>
    public TransactionStore(KafkaBrokerOptions options)
    {
        _journal = new KeyedJournal(Path.Combine(options.DataDirectory, "transactions.journal"), options.FlushEveryBatch, new Disk(options.Faults));
        foreach (var (key, value) in _journal.Snapshot())
        {
            if (key == NextProducerIdKey)
            {
                NextProducerId = BitConverter.ToInt64(value);
            }
        }
    }

    /// <summary>No producer id from this one on was ever given out.</summary>
    public long NextProducerId { get; private set; }

    public IEnumerable<TransactionalProducer> Load() =>
        from entry in _journal.Snapshot()
        where entry.Key != NextProducerIdKey
        let stored = JsonSerializer.Deserialize(entry.Value, TransactionJson.Default.StoredTransaction)!
        select TransactionalProducer.FromStored(entry.Key, stored);

    /// <exception cref="IOException">The disk did not take it.</exception>
    public void Save(TransactionalProducer producer) =>
        _journal.Write(new JournalChange(
            producer.TransactionalId, JsonSerializer.SerializeToUtf8Bytes(producer.ToStored(), TransactionJson.Default.StoredTransaction)));

    /// <exception cref="IOException">The disk did not take it.</exception>
    public void Reserve(long nextProducerId)
    {
        _journal.Write(new JournalChange(NextProducerIdKey, BitConverter.GetBytes(nextProducerId)));
        NextProducerId = nextProducerId;
    }

    public void Dispose() => _journal.Dispose();
}
