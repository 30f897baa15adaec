using System.Buffers.Binary;
using System.Diagnostics;
using Confluent.Kafka;

namespace Hybrid.Benchmarks.Sandbox;

/// <summary>
/// From the hand-over to the producer until the consumer has the record, at a steady 1 000 records a second. The sender does not
/// wait for answers, so a broker that stalls delays no later record's start and hides nothing.
/// </summary>
internal static class RoundTrip
{
    private const int PerSecond = 1_000;
    private const int WarmUpSeconds = 2;
    private const double RequiredP99 = 5;
    private const string Topic = "round-trip";
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(1);

    public static async Task<IReadOnlyList<SandboxFigure>> RunAsync(
        BenchClients kafka, SandboxBenchOptions options, Action<string> progress, CancellationToken cancellationToken)
    {
        progress($"round trip, {options.RoundTripSeconds} s at {PerSecond} records a second");
        await kafka.CreateTopicAsync(Topic, 1);
        var records = (WarmUpSeconds + options.RoundTripSeconds) * PerSecond;
        using var consumer = kafka.Consumer();
        consumer.Assign(new TopicPartitionOffset(Topic, 0, Offset.Beginning));
        var receiving = Task.Run(() => Receive(consumer, records, cancellationToken), cancellationToken);
        using var producer = kafka.Producer(lingerMs: 0);
        await Task.Run(() => Send(producer, records, cancellationToken), cancellationToken);
        var times = await receiving;
        Array.Sort(times);
        return
        [
            new SandboxFigure("Kafka: round trip at 1 000/s, p50", Percentile(times, 0.5), "ms"),
            new SandboxFigure("Kafka: round trip at 1 000/s, p99", Percentile(times, 0.99), "ms", RequiredP99, Bound.AtMost),
            new SandboxFigure("Kafka: round trip at 1 000/s, longest", times[^1], "ms"),
        ];
    }

    private static void Send(IProducer<Null, byte[]> producer, int records, CancellationToken cancellationToken)
    {
        var begun = Stopwatch.GetTimestamp();
        for (var sent = 0; sent < records;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var due = Math.Min(records, (int)(Stopwatch.GetElapsedTime(begun).TotalSeconds * PerSecond) + 1);
            for (; sent < due; sent++)
            {
                var value = new byte[SampleRecords.Size];
                BinaryPrimitives.WriteInt64LittleEndian(value, Stopwatch.GetTimestamp());
                producer.Produce(new TopicPartition(Topic, 0), new Message<Null, byte[]> { Value = value });
            }

            Thread.Sleep(Pause);
        }

        producer.Flush(cancellationToken);
    }

    /// <returns>The times in milliseconds, without the warm-up's.</returns>
    private static double[] Receive(IConsumer<Ignore, byte[]> consumer, int records, CancellationToken cancellationToken)
    {
        var times = new double[records];
        for (var i = 0; i < records; i++)
        {
            var sent = BinaryPrimitives.ReadInt64LittleEndian(consumer.Consume(cancellationToken).Message.Value);
            times[i] = Stopwatch.GetElapsedTime(sent).TotalMilliseconds;
        }

        return times[(WarmUpSeconds * PerSecond)..];
    }

    private static double Percentile(double[] sorted, double share) => sorted[(int)Math.Ceiling(share * sorted.Length) - 1];
}
