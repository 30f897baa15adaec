using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace Hybrid.Streamiz.Clients;

/// <summary>
/// The consumer that Streamiz polls, watched. It keeps a poll within its interval, since Streamiz, after a poll that came back empty and
/// early, waits up to a second and commits nothing meanwhile; and it takes a failed fetch for an empty one, since Streamiz would end. That
/// the client is beyond help is told by the next poll alone: told where Streamiz joins its group again, it would end the whole process.
/// </summary>
internal sealed partial class ObservedConsumer(
    IConsumer<byte[], byte[]> inner, TimeSpan longestPoll, StreamPositions positions, TimeProvider time, ILogger logger) : IConsumer<byte[], byte[]>
{
    private static readonly TimeSpan GaugeInterval = TimeSpan.FromMilliseconds(500);

    private long _gaugedAt = time.GetTimestamp();
    private KafkaException? _beyondHelp;

    public string MemberId => inner.MemberId;

    public List<TopicPartition> Assignment => inner.Assignment;

    public List<string> Subscription => inner.Subscription;

    public IConsumerGroupMetadata ConsumerGroupMetadata => inner.ConsumerGroupMetadata;

    public Handle Handle => inner.Handle;

    public string Name => inner.Name;

    public ConsumeResult<byte[], byte[]>? Consume(TimeSpan timeout)
    {
        GaugeWhenDue();
        if (_beyondHelp is { } failure)
        {
            throw failure;
        }

        var longest = timeout < TimeSpan.Zero || timeout > longestPoll ? longestPoll : timeout;
        try
        {
            var result = inner.Consume(longest);
            if (result is null)
            {
                return null;
            }

            if (result.IsPartitionEOF)
            {
                positions.NoteEnd(result.Partition.Value, result.Offset.Value);
                return null;
            }

            positions.NoteTaken(result.Partition.Value, result.Offset.Value, result.Message.Timestamp.UnixTimestampMs);
            return result;
        }
        catch (ConsumeException missed) when (!missed.Error.IsFatal)
        {
            LogNotDelivered(missed.Error.Reason);
            return null;
        }
    }

    public ConsumeResult<byte[], byte[]>? Consume(int millisecondsTimeout) => Consume(TimeSpan.FromMilliseconds(millisecondsTimeout));

    public ConsumeResult<byte[], byte[]> Consume(CancellationToken cancellationToken = default) => inner.Consume(cancellationToken);

    public void Close() => inner.Close();

    public int AddBrokers(string brokers) => inner.AddBrokers(brokers);

    public void SetSaslCredentials(string username, string password) => inner.SetSaslCredentials(username, password);

    public void Subscribe(IEnumerable<string> topics) => WhileItLives(() => inner.Subscribe(topics));

    public void Subscribe(string topic) => WhileItLives(() => inner.Subscribe(topic));

    /// <summary>Streamiz's last step after its last commit.</summary>
    public void Unsubscribe()
    {
        SetGauges();
        WhileItLives(inner.Unsubscribe);
    }

    public void Assign(TopicPartition partition) => inner.Assign(partition);

    public void Assign(TopicPartitionOffset partition) => inner.Assign(partition);

    public void Assign(IEnumerable<TopicPartitionOffset> partitions) => inner.Assign(partitions);

    public void Assign(IEnumerable<TopicPartition> partitions) => inner.Assign(partitions);

    public void IncrementalAssign(IEnumerable<TopicPartitionOffset> partitions) => inner.IncrementalAssign(partitions);

    public void IncrementalAssign(IEnumerable<TopicPartition> partitions) => inner.IncrementalAssign(partitions);

    public void IncrementalUnassign(IEnumerable<TopicPartition> partitions) => inner.IncrementalUnassign(partitions);

    public void Unassign() => inner.Unassign();

    public void StoreOffset(ConsumeResult<byte[], byte[]> result) => inner.StoreOffset(result);

    public void StoreOffset(TopicPartitionOffset offset) => inner.StoreOffset(offset);

    public List<TopicPartitionOffset> Commit() => inner.Commit();

    public void Commit(IEnumerable<TopicPartitionOffset> offsets)
    {
        var committed = offsets.ToList();
        inner.Commit(committed);
        positions.NoteCommitted(committed);
    }

    public void Commit(ConsumeResult<byte[], byte[]> result) => inner.Commit(result);

    public void Seek(TopicPartitionOffset tpo) => inner.Seek(tpo);

    public void Pause(IEnumerable<TopicPartition> partitions) => inner.Pause(partitions);

    public void Resume(IEnumerable<TopicPartition> partitions) => inner.Resume(partitions);

    public List<TopicPartitionOffset> Committed(TimeSpan timeout) => inner.Committed(timeout);

    public List<TopicPartitionOffset> Committed(IEnumerable<TopicPartition> partitions, TimeSpan timeout) => inner.Committed(partitions, timeout);

    public Offset Position(TopicPartition partition) => inner.Position(partition);

    public List<TopicPartitionOffset> OffsetsForTimes(IEnumerable<TopicPartitionTimestamp> timestampsToSearch, TimeSpan timeout) =>
        inner.OffsetsForTimes(timestampsToSearch, timeout);

    public WatermarkOffsets GetWatermarkOffsets(TopicPartition topicPartition) => inner.GetWatermarkOffsets(topicPartition);

    public WatermarkOffsets QueryWatermarkOffsets(TopicPartition topicPartition, TimeSpan timeout) => inner.QueryWatermarkOffsets(topicPartition, timeout);

    public void Dispose() => inner.Dispose();

    private void WhileItLives(Action call)
    {
        try
        {
            call();
        }
        catch (KafkaException failure) when (failure.Error.IsFatal)
        {
            _beyondHelp = failure;
        }
    }

    private void GaugeWhenDue()
    {
        if (time.GetElapsedTime(_gaugedAt) >= GaugeInterval)
        {
            SetGauges();
        }
    }

    private void SetGauges()
    {
        _gaugedAt = time.GetTimestamp();
        positions.Publish(inner.Assignment, EndOf);
    }

    private long? EndOf(TopicPartition place)
    {
        var end = inner.GetWatermarkOffsets(place).High;
        return end.IsSpecial ? null : end.Value;
    }

    [LoggerMessage(EventId = 610, Level = LogLevel.Warning, Message = "Kafka does not deliver for now: {Reason}")]
    private partial void LogNotDelivered(string reason);
}
