using System.IO.Compression;
using Confluent.Kafka;
using Hybrid.Benchmarks.Micro;
using Hybrid.Contracts.Measurement;
using Hybrid.Contracts.Partitions;
using Hybrid.Contracts.Records;
using Hybrid.Pipeline.Avro;
using Hybrid.Pipeline.Hosting;
using Hybrid.Pipeline.Kafka;
using Hybrid.Pipeline.Lines;
using Hybrid.Pipeline.ObjectStore;
using Hybrid.Publisher;

namespace Hybrid.Benchmarks.Chain;

/// <summary>
/// The publisher, from gzipped objects to a committed transaction, against a bare producer that sends the same keys, values and headers with
/// the same settings of librdkafka, but for the transaction.
/// </summary>
internal static class PublisherChain
{
    private const int Objects = 4;
    private const double Target = 0.7;
    private const string Source = "publisher/";
    internal static readonly PartitionId Partition = new(new DateTimeOffset(2011, 12, 1, 8, 0, 0, TimeSpan.Zero), TimeSpan.FromMinutes(5));

    public static async Task<ChainFigure> RunAsync(SandboxProcess sandbox, ChainOptions options, Action<string> progress, CancellationToken cancellationToken)
    {
        progress($"publisher: {options.Records:N0} lines are put into {Objects} objects");
        IReadOnlyList<Message<byte[], byte[]>> messages;
        await using (var scope = Scope(sandbox, "prepare"))
        {
            await PutAsync(scope.Get<IObjectStore>(), SampleDeltas.Range(options.Records, options.Records), cancellationToken);
            messages = await PublishedMessages.OfAsync(scope.Get<IObjectStore>(), scope.Get<IDeltaEncoder>(), Partition, cancellationToken);
        }

        return await PairedRounds.RunAsync(
            new Side("publisher", round => PublishAsync(sandbox, $"publisher-{round}.", messages, cancellationToken)),
            new Side("bare producer, the same bytes", round => ProduceAsync(sandbox, $"bare-{round}.", messages, cancellationToken)),
            Target,
            options,
            progress);
    }

    internal static async Task PutAsync(IObjectStore store, IReadOnlyCollection<CatalogDelta> deltas, CancellationToken cancellationToken)
    {
        await store.EnsureBucketAsync(cancellationToken);
        var prefix = new PartitionLayout(PartitionLayout.DefaultTemplate, Partition.Period).Prefix(Partition);
        foreach (var (part, number) in deltas.Chunk((deltas.Count + Objects - 1) / Objects).Select((part, number) => (part, number)))
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

    private static async Task<Measured> PublishAsync(
        SandboxProcess sandbox, string prefix, IReadOnlyList<Message<byte[], byte[]>> messages, CancellationToken cancellationToken)
    {
        await using var scope = Scope(sandbox, prefix);
        var measured = await Measured.OfAsync(sandbox, messages.Count, () => scope.Get<IHybridService>().RunAsync(() => { }, cancellationToken));
        Expect(scope, Instruments.RecordsPublished, messages.Count);
        Expect(scope, Instruments.BytesPublished, messages.Sum(message => (long)message.Value.Length));
        return measured;
    }

    private static async Task<Measured> ProduceAsync(
        SandboxProcess sandbox, string prefix, IReadOnlyList<Message<byte[], byte[]>> messages, CancellationToken cancellationToken)
    {
        await using var scope = Scope(sandbox, prefix);
        await scope.Get<KafkaClients>().EnsureTopicsAsync(cancellationToken);
        return await Measured.OfAsync(
            sandbox, messages.Count, () => Task.Run(() => PublishedMessages.Send(messages, scope.Get<KafkaClients>()), cancellationToken));
    }

    private static ServiceScope Scope(SandboxProcess sandbox, string prefix) => new(
        sandbox.Endpoints,
        prefix,
        (services, configuration) => services.AddPublisher(configuration),
        ("ObjectStore:Prefix", Source),
        ("Publisher:Until", Partition.End.ToString("O")),
        ("Publisher:ExitWhenDone", "true"));

    private static void Expect(ServiceScope scope, string counter, long value)
    {
        if (scope.Counter(counter) != value)
        {
            throw HybridException.Failure($"the publisher says {counter} {scope.Counter(counter)}, where the bare producer sends {value}");
        }
    }
}
