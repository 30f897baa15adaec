using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace Hybrid.Streamiz.Clients;

/// <summary>
/// The consumer that Streamiz polls, watched. It keeps a poll within its interval, since Streamiz, after a poll that came back empty and
/// early, waits up to a second and commits nothing meanwhile; and it takes a failed fetch for an empty one, since Streamiz would end. That
/// the client is beyond help is told by the next poll alone: told where Streamiz joins its group again, it would end the whole process.
/// </summary>
internal sealed partial class ObservedConsumer(
    IConsumer<byte[], byte[]> inner, TimeSpan longestPoll, StreamPositions positions, TimeProvider time, ILogger logger) : ConsumerDecorator(inner)
{
    private static readonly TimeSpan GaugeInterval = TimeSpan.FromMilliseconds(500);

    private long _gaugedAt = time.GetTimestamp();
    private KafkaException? _beyondHelp;

    public override ConsumeResult<byte[], byte[]>? Consume(TimeSpan timeout)
    {
        GaugeWhenDue();
        if (_beyondHelp is { } failure)
        {
            throw failure;
        }

        var longest = timeout < TimeSpan.Zero || timeout > longestPoll ? longestPoll : timeout;
        try
        {
            var result = Inner.Consume(longest);
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

    public override void Subscribe(IEnumerable<string> topics) => WhileItLives(() => Inner.Subscribe(topics));

    public override void Subscribe(string topic) => WhileItLives(() => Inner.Subscribe(topic));

    /// <summary>Streamiz's last step after its last commit.</summary>
    public override void Unsubscribe()
    {
        SetGauges();
        WhileItLives(Inner.Unsubscribe);
    }

    public override void Commit(IEnumerable<TopicPartitionOffset> offsets)
    {
        var committed = offsets.ToList();
        Inner.Commit(committed);
        positions.NoteCommitted(committed);
    }

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
        positions.Publish(Inner.Assignment, EndOf);
    }

    private long? EndOf(TopicPartition place)
    {
        var end = Inner.GetWatermarkOffsets(place).High;
        return end.IsSpecial ? null : end.Value;
    }

    [LoggerMessage(EventId = 610, Level = LogLevel.Warning, Message = "Kafka does not deliver for now: {Reason}")]
    private partial void LogNotDelivered(string reason);
}
