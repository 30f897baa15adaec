using System.Diagnostics;
using Confluent.Kafka;
using Hybrid.Benchmarks.Chain;

namespace Hybrid.Benchmarks.Sandbox;

/// <summary>Records a second into the broker and out of it, through one client, against what Apache Kafka 2.8 does on two cores.</summary>
internal static class BrokerRates
{
    private const int Partitions = 4;
    private const double RequiredIn = 240_000;
    private const double RequiredOut = 260_000;
    private const double RequiredCompressedIn = 400_000;

    /// <param name="PerSecond">Records a second.</param>
    /// <param name="CoreSecondsPerMillion">Processor time of the sandbox for a million records, seconds.</param>
    private sealed record Measured(double PerSecond, double CoreSecondsPerMillion);

    public static async Task<IReadOnlyList<SandboxFigure>> RunAsync(
        SandboxProcess sandbox, string directory, SandboxBenchOptions options, Action<string> progress, CancellationToken cancellationToken)
    {
        var kafka = new BenchClients(sandbox.Endpoints.KafkaBootstrapServers!);
        var values = SampleRecords.Create();
        var (plain, compressed, consumed) = (new List<Measured>(), new List<Measured>(), new List<Measured>());
        for (var round = 0; round <= options.Rounds; round++)
        {
            progress(round == 0 ? "kafka, warm-up" : $"kafka, round {round} of {options.Rounds}");
            var results = new List<Measured>();
            foreach (var compression in new[] { CompressionType.Lz4, CompressionType.None })
            {
                cancellationToken.ThrowIfCancellationRequested();
                var topic = $"rates-{round}-{compression}";
                await kafka.CreateTopicAsync(topic, Partitions);
                results.Add(await MeasureAsync(
                    sandbox, options.Records, clock => Produce(kafka, compression, topic, values, options.Records, clock, cancellationToken), cancellationToken));
                if (compression == CompressionType.None)
                {
                    results.Add(await MeasureAsync(
                        sandbox, options.Records, clock => Consume(kafka, topic, options.Records, clock, cancellationToken), cancellationToken));
                }

                await kafka.DeleteTopicAsync(topic);
            }

            if (round > 0)
            {
                compressed.Add(results[0]);
                plain.Add(results[1]);
                consumed.Add(results[2]);
            }
        }

        var bytes = (long)options.Records * SampleRecords.Size;
        progress("the layers below: a file written, a loopback socket");
        var file = new Ceiling("a raw file write", LayerBelow.WriteFile(directory, bytes) / SampleRecords.Size);
        var socket = new Ceiling("a raw loopback copy", await LayerBelow.CopyOverLoopbackAsync(bytes) / SampleRecords.Size);
        return
        [
            Rate("Kafka: in, uncompressed, idempotent", plain, RequiredIn) with { Below = file },
            Rate("Kafka: in, lz4, idempotent", compressed, RequiredCompressedIn),
            Rate("Kafka: out", consumed, RequiredOut) with { Below = socket },
            Cost("Kafka: broker CPU, in, uncompressed", plain),
            Cost("Kafka: broker CPU, in, lz4", compressed),
            Cost("Kafka: broker CPU, out", consumed),
        ];
    }

    private static SandboxFigure Rate(string name, IEnumerable<Measured> rounds, double target) =>
        SandboxFigure.Of(name, [.. rounds.Select(round => round.PerSecond)], "rec/s", target);

    private static SandboxFigure Cost(string name, IEnumerable<Measured> rounds) =>
        SandboxFigure.Of(name, [.. rounds.Select(round => round.CoreSecondsPerMillion)], "s/M");

    private static async Task<Measured> MeasureAsync(SandboxProcess sandbox, int records, Action<Stopwatch> work, CancellationToken cancellationToken)
    {
        var clock = new Stopwatch();
        var used = sandbox.ProcessorTime;
        await Task.Run(() => work(clock), cancellationToken);
        return new Measured(records / clock.Elapsed.TotalSeconds, (sandbox.ProcessorTime - used).TotalSeconds / records * 1e6);
    }

    private static void Produce(
        BenchClients kafka, CompressionType compression, string topic, byte[][] values, int records, Stopwatch clock, CancellationToken cancellationToken)
    {
        using var producer = kafka.Producer(compression);
        clock.Start();
        BenchClients.Send(producer, topic, values, records, cancellationToken);
        clock.Stop();
    }

    private static void Consume(BenchClients kafka, string topic, int records, Stopwatch clock, CancellationToken cancellationToken)
    {
        using var consumer = kafka.Consumer();
        BenchClients.Read(consumer, topic, Partitions, records, clock.Start, cancellationToken);
        clock.Stop();
        consumer.Close();
    }
}
