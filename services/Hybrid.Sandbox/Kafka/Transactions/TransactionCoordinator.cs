using System.Collections.Concurrent;
using Hybrid.Sandbox.Kafka.Groups;
using Hybrid.Sandbox.Kafka.Log;
using Hybrid.Sandbox.Kafka.Protocol;
using Hybrid.Sandbox.Kafka.Topics;
using Microsoft.Extensions.Logging;

namespace Hybrid.Sandbox.Kafka.Transactions;

/// <summary>A producer's id and epoch, or why it has none.</summary>
internal readonly record struct ProducerIdentity(ErrorCode Error, long ProducerId = -1, short Epoch = -1);

/// <summary>
/// Transactions in two phases (KIP-98): the decision is journalled, then the markers and the group offsets are written,
/// then the end is journalled. A restart between the phases repeats the second.
/// </summary>
internal sealed partial class TransactionCoordinator : IDisposable
{
    private readonly KafkaBrokerOptions _options;
    private readonly TopicCatalog _topics;
    private readonly GroupCoordinator _groups;
    private readonly ILogger _logger;
    private readonly TransactionStore _store;
    private readonly ProducerIds _producerIds;
    private readonly ConcurrentDictionary<string, TransactionalProducer> _producers = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<long, TransactionalProducer> _byProducerId = [];

    /// <summary>What is added to a transaction, until the journal has it.</summary>
    private readonly record struct Extension(bool Changes, Action Undo);

    /// <exception cref="IOException">The journal cannot be opened.</exception>
    public TransactionCoordinator(KafkaBrokerOptions options, TopicCatalog topics, GroupCoordinator groups, ILogger logger)
    {
        _options = options;
        _topics = topics;
        _groups = groups;
        _logger = logger;
        _store = new TransactionStore(options);
        var greatest = topics.All.SelectMany(topic => topic.Partitions).Max(log => (long?)log.GreatestProducerId()) ?? -1;
        _producerIds = new ProducerIds(_store, greatest + 1);
        Recover();
    }

    /// <summary>Gives a producer its id and epoch; with a transactional id, fences who held it and aborts what was left open.</summary>
    /// <param name="transactionalId">Null for a producer that is only idempotent.</param>
    /// <param name="timeout">How long its transactions may take.</param>
    /// <param name="held">The id and epoch that it has already (KIP-360); the id is −1 for none.</param>
    /// <param name="heldEpoch">See <paramref name="held"/>.</param>
    public ProducerIdentity Initialise(string? transactionalId, TimeSpan timeout, long held, short heldEpoch)
    {
        if (transactionalId is null)
        {
            return new ProducerIdentity(ErrorCode.None, _producerIds.Next(), 0);
        }
        if (transactionalId.Length == 0 || transactionalId[0] == '\0')
        {
            return new ProducerIdentity(ErrorCode.InvalidRequest);
        }
        if (timeout <= TimeSpan.Zero || timeout > _options.MaxTransactionTimeout)
        {
            return new ProducerIdentity(ErrorCode.InvalidTransactionTimeout);
        }
        var producer = _producers.GetOrAdd(transactionalId, id => new TransactionalProducer(id));
        lock (producer.Gate)
        {
            if (held >= 0 && producer.ProducerId >= 0)
            {
                // Raised already, and the answer was lost: not so after an abort, which raises the epoch by itself.
                var repeated = heldEpoch == producer.LastEpoch
                    && producer.State is not (TransactionState.Ongoing or TransactionState.CompleteAbort);
                if (held != producer.ProducerId || (heldEpoch != producer.Epoch && heldEpoch != producer.LastEpoch))
                {
                    return new ProducerIdentity(ErrorCode.ProducerFenced);
                }
                if (repeated)
                {
                    return new ProducerIdentity(ErrorCode.None, producer.ProducerId, producer.Epoch);
                }
            }
            if (producer.State == TransactionState.Ongoing)
            {
                Fence(producer, "its producer starts anew");
            }
            if (producer.IsEnding && !Finish(producer))
            {
                return new ProducerIdentity(ErrorCode.ConcurrentTransactions);
            }
            if (producer.ProducerId < 0 || producer.Epoch >= short.MaxValue - 1)
            {
                _byProducerId.TryRemove(producer.ProducerId, out _);
                producer.ProducerId = _producerIds.Next();
                producer.Epoch = 0;
                producer.LastEpoch = -1;
                _byProducerId[producer.ProducerId] = producer;
            }
            else
            {
                producer.LastEpoch = held >= 0 ? producer.Epoch : (short)-1;
                producer.Epoch++;
            }
            producer.Timeout = timeout;
            producer.State = TransactionState.Empty;
            _store.Save(producer);
            return new ProducerIdentity(ErrorCode.None, producer.ProducerId, producer.Epoch);
        }
    }

    /// <summary>Adds partitions to the producer's transaction, which begins with the first of them.</summary>
    public ErrorCode AddPartitions(string transactionalId, long producerId, short epoch, IReadOnlyCollection<TopicPartition> partitions) =>
        Extend(transactionalId, producerId, epoch, producer =>
        {
            var added = partitions.Where(producer.Partitions.Add).ToArray();
            return new Extension(added.Length > 0, () => producer.Partitions.ExceptWith(added));
        });

    /// <summary>Adds a group's offsets to the producer's transaction.</summary>
    public ErrorCode AddGroup(string transactionalId, long producerId, short epoch, string group) =>
        Extend(transactionalId, producerId, epoch, producer =>
            new Extension(producer.Groups.Add(group), () => producer.Groups.Remove(group)));

    /// <summary>Whether a producer may write to a partition within a transaction now.</summary>
    public ErrorCode CheckWrite(long producerId, short epoch, TopicPartition partition)
    {
        if (!_byProducerId.TryGetValue(producerId, out var producer))
        {
            return ErrorCode.InvalidProducerIdMapping;
        }
        lock (producer.Gate)
        {
            return producer.ProducerId != producerId ? ErrorCode.InvalidProducerIdMapping
                : producer.Epoch != epoch ? ErrorCode.InvalidProducerEpoch
                : producer.State != TransactionState.Ongoing || !producer.Partitions.Contains(partition) ? ErrorCode.InvalidTxnState
                : ErrorCode.None;
        }
    }

    /// <summary>Commits a group's offsets with the producer's transaction.</summary>
    /// <exception cref="IOException">The disk did not take the offsets.</exception>
    public ErrorCode CommitOffsets(
        string transactionalId, long producerId, short epoch, string group, MemberIdentity identity, IReadOnlyList<OffsetCommit> commits)
    {
        if (!GroupCoordinator.IsValidId(group))
        {
            return ErrorCode.InvalidGroupId;
        }
        if (_producers.GetValueOrDefault(transactionalId) is not { } producer)
        {
            return ErrorCode.InvalidProducerIdMapping;
        }
        lock (producer.Gate)
        {
            return producer.ProducerId != producerId ? ErrorCode.InvalidProducerIdMapping
                : producer.Epoch != epoch ? ErrorCode.InvalidProducerEpoch
                : producer.State != TransactionState.Ongoing || !producer.Groups.Contains(group) ? ErrorCode.InvalidTxnState
                : _groups.GetOrAdd(group).CommitInTransaction(identity, producerId, commits);
        }
    }

    /// <summary>Ends the producer's transaction. When it returns no error, readers see the end.</summary>
    public ErrorCode End(string transactionalId, long producerId, short epoch, bool commit)
    {
        if (_producers.GetValueOrDefault(transactionalId) is not { } producer)
        {
            return ErrorCode.InvalidProducerIdMapping;
        }
        lock (producer.Gate)
        {
            if (Check(producer, producerId, epoch) is var refused and not ErrorCode.None)
            {
                return refused;
            }
            switch (producer.State)
            {
                case TransactionState.Ongoing:
                    Decide(producer, commit);
                    return Finish(producer) ? ErrorCode.None : ErrorCode.CoordinatorNotAvailable;
                case TransactionState.PrepareCommit when commit:
                case TransactionState.PrepareAbort when !commit:
                    return Finish(producer) ? ErrorCode.None : ErrorCode.ConcurrentTransactions;
                case TransactionState.CompleteCommit when commit:
                case TransactionState.CompleteAbort when !commit:
                    return ErrorCode.None;
                default:
                    return ErrorCode.InvalidTxnState;
            }
        }
    }

    /// <summary>Aborts the transactions that took longer than their producers allowed, and finishes what a full disk held up.</summary>
    public void AbortTimedOut(DateTimeOffset now)
    {
        foreach (var producer in _producers.Values)
        {
            lock (producer.Gate)
            {
                if (producer.State == TransactionState.Ongoing
                    && now.ToUnixTimeMilliseconds() - producer.StartedAt > producer.Timeout.TotalMilliseconds)
                {
                    Fence(producer, "it took longer than its timeout");
                }
                if (producer.IsEnding)
                {
                    Finish(producer);
                }
            }
        }
    }

    public void Dispose() => _store.Dispose();

    private static ErrorCode Check(TransactionalProducer producer, long producerId, short epoch) =>
        producer.ProducerId != producerId ? ErrorCode.InvalidProducerIdMapping
        : producer.Epoch != epoch ? ErrorCode.ProducerFenced
        : ErrorCode.None;

    private ErrorCode Extend(string transactionalId, long producerId, short epoch, Func<TransactionalProducer, Extension> extend)
    {
        if (_producers.GetValueOrDefault(transactionalId) is not { } producer)
        {
            return ErrorCode.InvalidProducerIdMapping;
        }
        lock (producer.Gate)
        {
            if (Check(producer, producerId, epoch) is var refused and not ErrorCode.None)
            {
                return refused;
            }
            if (producer.IsEnding)
            {
                return ErrorCode.ConcurrentTransactions;
            }
            var extension = extend(producer);
            var former = (producer.State, producer.StartedAt);
            var begins = producer.State != TransactionState.Ongoing;
            if (begins)
            {
                producer.State = TransactionState.Ongoing;
                producer.StartedAt = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
            }
            if (begins || extension.Changes)
            {
                try
                {
                    _store.Save(producer);
                }
                catch
                {
                    extension.Undo();
                    (producer.State, producer.StartedAt) = former;
                    throw;
                }
            }
            return ErrorCode.None;
        }
    }
}
