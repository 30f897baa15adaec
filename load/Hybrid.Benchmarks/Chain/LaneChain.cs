using System.Diagnostics;
using System.Text;
using Confluent.Kafka;
using Hybrid.Benchmarks.Micro;
using Hybrid.Contracts.Lanes;
using Hybrid.Contracts.Measurement;
using Hybrid.Contracts.Topics;
using Hybrid.Lanes;
using Hybrid.Pipeline.Avro;
using Hybrid.Pipeline.Hosting;
using Hybrid.Pipeline.Kafka;
using Hybrid.Pipeline.Lanes;
using Hybrid.Pipeline.Solr;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Hybrid.Benchmarks.Chain;

/// <summary>A lane, from the topic to acknowledged documents, against bare posts of the same documents in bulks of the same size.</summary>
/// <param name="Name">The lane.</param>
/// <param name="Register">Registers it.</param>
/// <param name="Below">What the bare posts are.</param>
/// <param name="Connections">Their connections, one request under way on each.</param>
/// <param name="Target">The share of their rate to reach.</param>
internal sealed record LaneChain(
    string Name, Action<IServiceCollection, IConfiguration> Register, string Below, int Connections, double Target)
{
    private static readonly LaneOptions Defaults = new();
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(5);

    public static IReadOnlyList<LaneChain> All { get; } =
    [
        new(LaneNames.MicroBatch, (services, configuration) => services.AddMicroBatchLane(configuration), "bare bulk posts, one after the other", 1, 0.85),
        new(
            LaneNames.Streaming,
            (services, configuration) => services.AddStreamingLane(configuration),
            $"bare bulk posts on {Defaults.Pipelines} connections",
            Defaults.Pipelines,
            0.7),
    ];

    public Task<ChainFigure> RunAsync(SandboxProcess sandbox, ChainOptions options, Action<string> progress, CancellationToken cancellationToken) =>
        PairedRounds.RunAsync(
            new Side($"{Name} lane", round => DrainAsync(sandbox, $"{Name}-{round}", options.Records, cancellationToken)),
            new Side(Below, round => PostAsync(sandbox, $"bare-{Name}-{round}", options.Records, cancellationToken)),
            Target,
            options,
            progress);

    /// <summary>Fills a topic and runs the lane until everything is acknowledged; its time counts from the first record, once it has joined its group.</summary>
    private async Task<Measured> DrainAsync(SandboxProcess sandbox, string collection, int records, CancellationToken cancellationToken)
    {
        await using var scope = new ServiceScope(sandbox.Endpoints, collection + ".", Register, ("Solr:Collection", collection));
        await scope.Get<KafkaClients>().EnsureTopicsAsync(cancellationToken);
        await FillAsync(scope, records, cancellationToken);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var run = scope.Get<IHybridService>().RunAsync(() => { }, stop.Token);
        await ReachAsync(() => scope.Counter(Instruments.RecordsConsumed), 1, run, cancellationToken);
        var measured = await Measured.OfAsync(
            sandbox, records, () => ReachAsync(() => scope.Samples(Instruments.FreshnessAcknowledged), records, run, cancellationToken));
        await stop.CancelAsync();
        await run;
        await scope.Get<SolrAdmin>().DeleteCollectionAsync(collection, cancellationToken);
        return measured;
    }

    private async Task<Measured> PostAsync(SandboxProcess sandbox, string collection, int records, CancellationToken cancellationToken)
    {
        await using var scope = new ServiceScope(sandbox.Endpoints, "", Register);
        await scope.Get<SolrAdmin>().EnsureCollectionAsync(collection, cancellationToken);
        var deltas = SampleDeltas.Range(records, records);
        var measured = await Measured.OfAsync(
            sandbox,
            records,
            () => BarePoster.PostAsync(sandbox.Endpoints.SolrUrl!, collection, deltas, Defaults.BulkDocuments, Connections, cancellationToken));
        await scope.Get<SolrAdmin>().DeleteCollectionAsync(collection, cancellationToken);
        return measured;
    }

    private static async Task FillAsync(ServiceScope scope, int records, CancellationToken cancellationToken)
    {
        var encoder = scope.Get<IDeltaEncoder>();
        await encoder.PrepareAsync(cancellationToken);
        await Task.Run(() => PublishedMessages.Send(Messages(encoder, records), scope.Get<KafkaClients>()), cancellationToken);
    }

    private static IEnumerable<Message<byte[], byte[]>> Messages(IDeltaEncoder encoder, int records)
    {
        var headers = new Headers { { RecordHeaders.Closed, new byte[8] }, { RecordHeaders.Landed, new byte[8] } };
        var value = new System.Buffers.ArrayBufferWriter<byte>(1024);
        for (var i = 0; i < records; i++)
        {
            var delta = SampleDeltas.Create(i);
            value.ResetWrittenCount();
            encoder.Encode(delta, value);
            yield return new Message<byte[], byte[]>
            {
                Key = Encoding.UTF8.GetBytes(delta.DocumentId),
                Value = value.WrittenSpan.ToArray(),
                Headers = headers,
            };
        }
    }

    private static async Task ReachAsync(Func<long> count, long value, Task run, CancellationToken cancellationToken)
    {
        while (count() < value)
        {
            if (run.IsCompleted)
            {
                await run;
                throw HybridException.Failure($"the lane ended after {count()} of {value} records");
            }

            await Task.Delay(Poll, cancellationToken);
        }
    }
}
