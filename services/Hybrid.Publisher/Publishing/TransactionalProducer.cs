using System.Diagnostics;
using Confluent.Kafka;
using Hybrid.Pipeline.Kafka;

namespace Hybrid.Publisher.Publishing;

/// <summary>A transactional producer whose memory is bounded: when its queue is full, sending waits.</summary>
internal sealed class TransactionalProducer : IDisposable
{
    private const int MaxQueueKilobytes = 64 * 1024;
    private const int MaxQueueMessages = 20_000;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan s_slice = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_abortPatience = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(2);

    private readonly IProducer<byte[], byte[]> _producer;

    private TransactionalProducer(IProducer<byte[], byte[]> producer) => _producer = producer;

    /// <summary>Makes the producer and fences its predecessors; what they left open is aborted or, if it was being committed, committed.</summary>
    /// <exception cref="KafkaException">The cluster does not answer, or refuses.</exception>
    public static TransactionalProducer Open(
        KafkaClients kafka, string transactionalId, TimeSpan transactionTimeout, CancellationToken cancellationToken)
    {
        var producer = kafka.CreateTransactionalProducer(transactionalId, config =>
        {
            config.TransactionTimeoutMs = (int)transactionTimeout.TotalMilliseconds;
            Tune(config);
        });
        try
        {
            Persist(() => producer.InitTransactions(s_slice), cancellationToken);
            return new TransactionalProducer(producer);
        }
        catch
        {
            producer.Dispose();
            throw;
        }
    }

    /// <summary>The settings that make a producer a fast one within a bounded memory.</summary>
    internal static void Tune(ProducerConfig config)
    {
        config.QueueBufferingMaxKbytes = MaxQueueKilobytes;

        // Enough for every request under way, and little enough to stay in the processor's cache and to be flushed soon at a commit.
        config.QueueBufferingMaxMessages = MaxQueueMessages;
        config.LingerMs = 2;

        // A record that fails makes the commit fail, so nobody needs to be told of each.
        config.EnableDeliveryReports = false;
    }

    public void Begin() => _producer.BeginTransaction();

    /// <summary>Sends a record; its bytes are copied, so that the message can be used again.</summary>
    /// <returns>False when the record is larger than a message may be.</returns>
    public ValueTask<bool> SendAsync(TopicPartition target, Message<byte[], byte[]> message, CancellationToken cancellationToken) =>
        TrySend(target, message) is { } sent ? new(sent) : SendSlowlyAsync(target, message, cancellationToken);

    /// <summary>Sends what is queued and commits.</summary>
    /// <param name="cancellationToken">Gives up when the cluster does not answer for two seconds; a commit that it does answer is finished.</param>
    /// <exception cref="KafkaException">Not committed, or not known to be: read the progress again.</exception>
    public void Commit(CancellationToken cancellationToken) => Persist(() => _producer.CommitTransaction(s_slice), cancellationToken);

    /// <summary>Aborts as far as that is possible; what stays open is aborted by the next producer of the same id.</summary>
    public void Abort()
    {
        try
        {
            _producer.AbortTransaction(s_abortPatience);
        }
        catch (Exception failure) when (failure is KafkaException or InvalidOperationException)
        {
        }
    }

    public void Dispose() => _producer.Dispose();

    private async ValueTask<bool> SendSlowlyAsync(TopicPartition target, Message<byte[], byte[]> message, CancellationToken cancellationToken)
    {
        while (true)
        {
            await Task.Delay(s_pause, cancellationToken).ConfigureAwait(false);
            if (TrySend(target, message) is { } sent)
            {
                return sent;
            }
        }
    }

    /// <summary>Whether a record was sent, or is too large to be; null when the queue is full.</summary>
    private bool? TrySend(TopicPartition target, Message<byte[], byte[]> message)
    {
        try
        {
            _producer.Produce(target, message);
            return true;
        }
        catch (ProduceException<byte[], byte[]> full) when (full.Error.Code == ErrorCode.Local_QueueFull)
        {
            return null;
        }
        catch (ProduceException<byte[], byte[]> tooLarge) when (tooLarge.Error.Code == ErrorCode.MsgSizeTooLarge)
        {
            return false;
        }
    }

    /// <summary>Calls again what timed out or may be tried again, in slices, so that being stopped is noticed between them.</summary>
    private static void Persist(Action call, CancellationToken cancellationToken)
    {
        var began = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                call();
                return;
            }
            catch (KafkaRetriableException) when (!cancellationToken.IsCancellationRequested && Stopwatch.GetElapsedTime(began) < s_patience)
            {
            }
        }
    }
}
