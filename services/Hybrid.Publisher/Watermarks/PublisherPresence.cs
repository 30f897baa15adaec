using System.Globalization;
using Confluent.Kafka;
using Hybrid.Pipeline.Hosting;
using Hybrid.Pipeline.Kafka;

namespace Hybrid.Publisher.Watermarks;

/// <summary>A publisher that is alive.</summary>
/// <param name="Client">Its client id, which names its machine and process.</param>
/// <param name="Host">The address that the brokers see.</param>
public sealed record LivePublisher(string Client, string Host);

/// <summary>
/// Tells others that a publisher is alive: it is a member of a consumer group named after its transactional id, reading nothing. Its client
/// sends heartbeats also while the publisher is idle or in a long transaction, and one that is killed leaves within the session timeout.
/// This is for people to know; what keeps two publishers apart is the transactional id.
/// </summary>
internal sealed class PublisherPresence : IAsyncDisposable
{
    private const int SessionTimeoutMilliseconds = 10_000;

    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Answer = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LeavePatience = TimeSpan.FromSeconds(3);

    private readonly IConsumer<byte[], byte[]> _consumer;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _polling;

    private PublisherPresence(IConsumer<byte[], byte[]> consumer)
    {
        _consumer = consumer;
        _polling = Task.Factory.StartNew(PollUntilStopped, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>Joins the group. It takes the brokers a moment to know.</summary>
    public static PublisherPresence Announce(KafkaClients kafka, string transactionalId)
    {
        var consumer = kafka.ConsumerBuilder(transactionalId, config =>
        {
            config.ClientId = string.Create(CultureInfo.InvariantCulture, $"hybrid-publisher-{Environment.MachineName}-{Environment.ProcessId}");
            config.SessionTimeoutMs = SessionTimeoutMilliseconds;
            config.StatisticsIntervalMs = 0;
            config.QueuedMinMessages = 1;
        }).Build();
        consumer.Subscribe(kafka.Topics.Watermarks);
        return new PublisherPresence(consumer);
    }

    /// <summary>Finds the publishers that are alive.</summary>
    /// <exception cref="HybridException">The cluster cannot be reached.</exception>
    public static async Task<IReadOnlyList<LivePublisher>> FindAsync(KafkaClients kafka, string transactionalId, CancellationToken cancellationToken)
    {
        using var admin = kafka.CreateAdmin();
        try
        {
            var groups = await admin.DescribeConsumerGroupsAsync([kafka.Topics.Prefix + transactionalId], new() { RequestTimeout = Answer })
                .WaitAsync(cancellationToken).ConfigureAwait(false);
            return [.. groups.ConsumerGroupDescriptions.SelectMany(group => group.Members).Select(member => new LivePublisher(member.ClientId, member.Host))];
        }
        catch (KafkaException failure)
        {
            throw HybridException.Unreachable($"Kafka does not tell whether a publisher is alive ({failure.Error.Reason}): look at the brokers, then try again", failure);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _polling.ConfigureAwait(false);

        // Leaving takes the brokers; where they do not answer, the session times out.
        var leaving = Task.Run(() =>
        {
            _consumer.Close();
            _consumer.Dispose();
        });
        await Task.WhenAny(leaving, Task.Delay(LeavePatience)).ConfigureAwait(false);
        _stopping.Dispose();
    }

    private void PollUntilStopped()
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                _consumer.Consume(Poll);
                _consumer.Pause(_consumer.Assignment);
            }
            catch (KafkaException)
            {
                // The client joins again by itself.
                _stopping.Token.WaitHandle.WaitOne(Poll);
            }
        }
    }
}
