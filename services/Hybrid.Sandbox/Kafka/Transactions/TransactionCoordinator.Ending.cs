using Hybrid.Sandbox.Kafka.Protocol;
using Microsoft.Extensions.Logging;

namespace Hybrid.Sandbox.Kafka.Transactions;

internal sealed partial class TransactionCoordinator
{
    private void Decide(TransactionalProducer producer, bool commit)
    {
        var former = producer.State;
        producer.State = commit ? TransactionState.PrepareCommit : TransactionState.PrepareAbort;
        try
        {
            _store.Save(producer);
        }
        catch
        {
            producer.State = former;
            throw;
        }
    }

    /// <summary>Aborts under a raised epoch, so that whoever still holds the old one can write nothing after the marker.</summary>
    private void Fence(TransactionalProducer producer, string reason)
    {
        _logger.TransactionAborted(producer.TransactionalId, reason);
        producer.LastEpoch = producer.Epoch;
        producer.Epoch++;
        Decide(producer, commit: false);
    }

    /// <summary>Carries out a decision; may be repeated. False when the disk did not take all of it.</summary>
    private bool Finish(TransactionalProducer producer)
    {
        var commit = producer.State == TransactionState.PrepareCommit;
        try
        {
            foreach (var partition in producer.Partitions)
            {
                if (_topics.FindPartition(partition.Topic, partition.Partition) is { } log
                    && log.AppendMarker(producer.ProducerId, producer.Epoch, commit) == ErrorCode.KafkaStorageError)
                {
                    return false;
                }
            }
            foreach (var group in producer.Groups)
            {
                _groups.Find(group)?.EndTransaction(producer.ProducerId, commit);
            }
            var (partitions, groups) = (producer.Partitions.ToArray(), producer.Groups.ToArray());
            producer.Partitions.Clear();
            producer.Groups.Clear();
            var decided = producer.State;
            producer.State = commit ? TransactionState.CompleteCommit : TransactionState.CompleteAbort;
            try
            {
                _store.Save(producer);
            }
            catch
            {
                producer.State = decided;
                producer.Partitions.UnionWith(partitions);
                producer.Groups.UnionWith(groups);
                throw;
            }
            return true;
        }
        catch (IOException exception)
        {
            _logger.BackgroundFailed(exception);
            return false;
        }
    }

    private void Recover()
    {
        foreach (var producer in _store.Load())
        {
            _producers[producer.TransactionalId] = producer;
            _byProducerId[producer.ProducerId] = producer;
            if (producer.IsEnding)
            {
                Finish(producer);
            }
        }
        // A partition's transaction that the coordinator knows nothing of would hold its readers up for ever.
        foreach (var topic in _topics.All)
        {
            for (var index = 0; index < topic.Partitions.Length; index++)
            {
                foreach (var (producerId, epoch) in topic.Partitions[index].OpenTransactions())
                {
                    var known = _byProducerId.TryGetValue(producerId, out var producer)
                        && (producer.State == TransactionState.Ongoing || producer.IsEnding)
                        && producer.Partitions.Contains(new(topic.Name, index));
                    if (!known)
                    {
                        _logger.TransactionAborted($"{topic.Name}-{index}", "no coordinator knows of it");
                        topic.Partitions[index].AppendMarker(producerId, epoch, commit: false);
                    }
                }
            }
        }
    }
}
