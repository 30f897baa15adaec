using System.Diagnostics;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Hybrid.Pipeline.Hosting;
using Hybrid.Pipeline.Kafka;

namespace Hybrid.Streamiz.Clients;

/// <summary>
/// The consumer that Streamiz restores a task's stores with. Streamiz takes what this tells for a changelog's end, and a consumer of committed
/// records knows of nothing behind the first transaction that is open: one that a killed instance left behind would hide what others have
/// committed since, until it times out. So the end is that of all records, and the restoring goes on until the transactions before it are decided.
/// </summary>
internal sealed class RestoreConsumer(IConsumer<byte[], byte[]> inner, KafkaClients kafka) : ConsumerDecorator(inner)
{
    private static readonly TimeSpan BetweenQuestions = TimeSpan.FromMilliseconds(100);

    /// <exception cref="HybridException">Kafka does not tell within the timeout.</exception>
    public override WatermarkOffsets QueryWatermarkOffsets(TopicPartition topicPartition, TimeSpan timeout)
    {
        var started = Stopwatch.GetTimestamp();
        using var admin = kafka.CreateAdmin();
        while (true)
        {
            try
            {
                var end = admin.ListOffsetsAsync(
                    [new TopicPartitionOffsetSpec { TopicPartition = topicPartition, OffsetSpec = OffsetSpec.Latest() }],
                    new ListOffsetsOptions { IsolationLevel = IsolationLevel.ReadUncommitted, RequestTimeout = timeout }).GetAwaiter().GetResult();
                return new WatermarkOffsets(base.QueryWatermarkOffsets(topicPartition, timeout).Low, end.ResultInfos[0].TopicPartitionOffsetError.Offset);
            }
            catch (KafkaException failure) when (Stopwatch.GetElapsedTime(started) >= timeout)
            {
                throw HybridException.Unreachable(
                    $"Kafka does not tell where {topicPartition.Topic}[{topicPartition.Partition.Value}] ends ({failure.Error.Reason}): the lane stops, nothing is lost; start it again", failure);
            }
            catch (KafkaException)
            {
                Thread.Sleep(BetweenQuestions);
            }
        }
    }
}
