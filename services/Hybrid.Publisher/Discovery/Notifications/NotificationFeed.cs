using Confluent.Kafka;
using Hybrid.Pipeline.Kafka;
using Microsoft.Extensions.Logging;

namespace Hybrid.Publisher.Discovery.Notifications;

/// <summary>
/// Follows the topic of notifications from a while back and hands over what it tells. It commits nothing: whatever it misses, the
/// sweep finds.
/// </summary>
internal sealed class NotificationFeed : IDisposable
{
    private static readonly TimeSpan s_slice = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(2);

    private readonly KafkaClients _kafka;
    private readonly string _topic;
    private readonly TimeSpan _back;
    private readonly S3EventReader _reader;
    private readonly Action<IReadOnlyList<Notification>> _take;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _following;
    private bool _toldBad;

    /// <summary>Begins to follow.</summary>
    /// <param name="kafka">Makes the consumer.</param>
    /// <param name="topic">The topic.</param>
    /// <param name="back">From how long ago on, wall time.</param>
    /// <param name="reader">Reads the messages.</param>
    /// <param name="take">Takes what was told, one call at a time.</param>
    /// <param name="logger">Told of trouble.</param>
    public NotificationFeed(
        KafkaClients kafka, string topic, TimeSpan back, S3EventReader reader, Action<IReadOnlyList<Notification>> take, ILogger logger)
    {
        _kafka = kafka;
        _topic = topic;
        _back = back;
        _reader = reader;
        _take = take;
        _logger = logger;
        _following = Task.Factory.StartNew(Follow, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    public void Dispose()
    {
        _stopping.Cancel();
        _following.Wait();
        _stopping.Dispose();
    }

    private void Follow()
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                FollowOnce();
            }
            catch (KafkaException failure)
            {
                LogMessages.NotNotified(_logger, _topic, failure.Error.Reason);
                _stopping.Token.WaitHandle.WaitOne(s_pause);
            }
        }
    }

    private void FollowOnce()
    {
        using var consumer = _kafka.ConsumerBuilder("hybrid-publisher-notifications").Build();
        consumer.Assign(Starts(consumer));
        var told = new List<Notification>();
        while (!_stopping.IsCancellationRequested)
        {
            if (consumer.Consume(s_slice) is not { Message.Value: { } message } result)
            {
                continue;
            }

            told.Clear();
            if (_reader.Read(message, told) is { } wrong && !_toldBad)
            {
                _toldBad = true;
                LogMessages.BadNotification(_logger, result.TopicPartitionOffset.ToString(), wrong);
            }

            if (told.Count > 0)
            {
                _take(told);
            }
        }
    }

    private List<TopicPartitionOffset> Starts(IConsumer<byte[], byte[]> consumer)
    {
        using var admin = _kafka.CreateAdmin();
        var topic = admin.GetMetadata(_topic, s_timeout).Topics[0];
        if (topic.Error.IsError)
        {
            throw new KafkaException(topic.Error);
        }

        var since = new Timestamp(DateTimeOffset.UtcNow - _back);
        return consumer.OffsetsForTimes(
            topic.Partitions.Select(partition => new TopicPartitionTimestamp(_topic, partition.PartitionId, since)), s_timeout);
    }
}
