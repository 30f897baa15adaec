using System.Diagnostics;
using System.IO.Compression;
using Hybrid.Contracts.Measurement;
using Hybrid.Contracts.Partitions;
using Hybrid.Contracts.Stack;
using Hybrid.Pipeline.Avro;
using Hybrid.Pipeline.Hosting;
using Hybrid.Pipeline.Kafka;
using Hybrid.Pipeline.Lines;
using Hybrid.Pipeline.ObjectStore;
using Hybrid.Publisher;

namespace Hybrid.Benchmarks.Chain;

/// <summary>The publisher, from gzipped objects to a committed transaction, against a bare producer that sends the same bytes.</summary>
internal static class PublisherChain
{
    private const int Objects = 4;
    private const double Target = 0.5;
    internal static readonly PartitionId Partition = new(new DateTimeOffset(2011, 12, 1, 8, 0, 0, TimeSpan.Zero), TimeSpan.FromMinutes(5));

    public static async Task<ChainFigure> RunAsync(StackEndpoints endpoints, ChainOptions options, Action<string> progress, CancellationToken cancellationToken)
    {
        var (publisher, bare) = (new List<double>(), new List<double>());
        for (var round = 0; round <= options.Rounds; round++)
        {
            progress($"publisher, round {round} of {options.Rounds}");
            var prefix = $"publisher-{round}";
            await using var scope = new ServiceScope(
                endpoints,
                prefix,
                (services, configuration) => services.AddPublisher(configuration),
                ("Publisher:Until", Partition.End.ToString("O")),
                ("Publisher:ExitWhenDone", "true"));
            var deltas = await EncodedDeltas.CreateAsync(scope.Get<IDeltaEncoder>(), options.Records, options.Records, cancellationToken);
            await PutAsync(scope.Get<IObjectStore>(), deltas, cancellationToken);

            var clock = Stopwatch.StartNew();
            await scope.Get<IHybridService>().RunAsync(() => { }, cancellationToken);
            var published = options.Records / clock.Elapsed.TotalSeconds;
            if (scope.Counter(Instruments.RecordsPublished) != options.Records)
            {
                throw HybridException.Failure($"the publisher published {scope.Counter(Instruments.RecordsPublished)} of {options.Records} records");
            }

            clock.Restart();
            await Task.Run(() => deltas.Produce(scope.Get<KafkaClients>()), cancellationToken);
            if (round > 0)
            {
                publisher.Add(published);
                bare.Add(options.Records / clock.Elapsed.TotalSeconds);
            }
        }

        return new ChainFigure("publisher", ChainTable.Median(publisher), "bare producer, the same bytes", ChainTable.Median(bare), Target);
    }

    internal static async Task PutAsync(IObjectStore store, EncodedDeltas deltas, CancellationToken cancellationToken)
    {
        await store.EnsureBucketAsync(cancellationToken);
        var prefix = new PartitionLayout(PartitionLayout.DefaultTemplate, Partition.Period).Prefix(Partition);
        foreach (var (part, number) in deltas.Deltas.Chunk((deltas.Deltas.Count + Objects - 1) / Objects).Select((part, number) => (part, number)))
        {
            using var body = new MemoryStream();
            await using (var gzip = new GZipStream(body, CompressionLevel.Fastest, leaveOpen: true))
            {
                var line = new System.Buffers.ArrayBufferWriter<byte>(1024);
                using var writer = new SourceLineWriter(line);
                foreach (var delta in part)
                {
                    line.Clear();
                    writer.Write(delta);
                    await gzip.WriteAsync(line.WrittenMemory, cancellationToken);
                }
            }

            body.Position = 0;
            await store.PutAsync($"{prefix}part-{number}.ndjson.gz", body, null, cancellationToken);
        }
    }
}
