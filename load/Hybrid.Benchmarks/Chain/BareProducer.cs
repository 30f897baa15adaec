using Confluent.Kafka;

namespace Hybrid.Benchmarks.Chain;

/// <summary>The producer as bare as it gets: hand over, and wait only when its queue is full.</summary>
internal static class BareProducer
{
    private static readonly TimeSpan FullQueuePause = TimeSpan.FromMilliseconds(2);

    public static void Send(
        IProducer<byte[], byte[]> producer, TopicPartition to, Message<byte[], byte[]> message, Action<DeliveryReport<byte[], byte[]>>? delivered)
    {
        while (true)
        {
            try
            {
                producer.Produce(to, message, delivered);
                return;
            }
            catch (ProduceException<byte[], byte[]> full) when (full.Error.Code == ErrorCode.Local_QueueFull)
            {
                producer.Poll(FullQueuePause);
            }
        }
    }
}
