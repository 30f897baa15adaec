using System.Diagnostics;
using Confluent.Kafka;

namespace Hybrid.Benchmarks.Sandbox;

/// <summary>Records a second into the broker and out of it, through one client, against what Apache Kafka 2.8 does on two cores.</summary>
internal static class BrokerRates
{
    private const int Partitions = 4;
    private const double RequiredIn = 240_000;
    private const double RequiredOut = 260_000;
    private const double RequiredCompressedIn = 400_000;

    public static async Task<IReadOnlyList<SandboxFigure>> RunAsync(
        BenchClients kafka, string directory, SandboxBenchOptions options, Action<string> progress, CancellationToken cancellationToken)
    {
        var values = SampleRecords.Create();
        var (plain, compressed, consumed) = (new List<double>(), new List<double>(), new List<double>());
        for (var round = 0; round <= options.Rounds; round++)
        {
            progress(round == 0 ? "kafka, warm-up" : $"kafka, round {round} of {options.Rounds}");
            foreach (var (compression, rates) in new[] { (CompressionType.None, plain), (CompressionType.Lz4, compressed) })
            {
                cancellationToken.ThrowIfCancellationRequested();
                var topic = $"rates-{round}-{compression}";
                await kafka.CreateTopicAsync(topic, Partitions);
                var rateIn = await Task.Run(() => Produce(kafka, compression, topic, values, options.Records, cancellationToken), cancellationToken);
                var rateOut = compression == CompressionType.None
                    ? await Task.Run(() => Consume(kafka, topic, options.Records, cancellationToken), cancellationToken)
                    : 0;
                await kafka.DeleteTopicAsync(topic);
                if (round > 0)
                {
                    rates.Add(rateIn);
                    if (rateOut > 0)
                    {
                        consumed.Add(rateOut);
                    }
                }
            }
        }

        var bytes = (long)options.Records * SampleRecords.Size;
        progress("the layers below: a file written, a loopback socket");
        var file = new Ceiling("a raw file write", LayerBelow.WriteFile(directory, bytes) / SampleRecords.Size);
        var socket = new Ceiling("a raw loopback copy", await LayerBelow.CopyOverLoopbackAsync(bytes) / SampleRecords.Size);
        return
        [
            SandboxFigure.Of("Kafka: in, uncompressed, idempotent", plain, "rec/s", RequiredIn) with { Below = file },
            SandboxFigure.Of("Kafka: in, lz4, idempotent", compressed, "rec/s", RequiredCompressedIn),
            SandboxFigure.Of("Kafka: out", consumed, "rec/s", RequiredOut) with { Below = socket },
        ];
    }

    private static double Produce(
        BenchClients kafka, CompressionType compression, string topic, byte[][] values, int records, CancellationToken cancellationToken)
    {
        using var producer = kafka.Producer(compression);
        var clock = Stopwatch.StartNew();
        BenchClients.Send(producer, topic, values, records, cancellationToken);
        return records / clock.Elapsed.TotalSeconds;
    }

    private static double Consume(BenchClients kafka, string topic, int records, CancellationToken cancellationToken)
    {
        using var consumer = kafka.Consumer();
        var clock = new Stopwatch();
        BenchClients.Read(consumer, topic, Partitions, records, clock.Start, cancellationToken);
        var rate = (records - 1) / clock.Elapsed.TotalSeconds;
        consumer.Close();
        return rate;
    }
}
