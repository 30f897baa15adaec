using System.Buffers;
using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text.Json;
using Hybrid.Contracts.Measurement;
using Hybrid.Contracts.Search;
using Hybrid.Contracts.Stack;
using Hybrid.Lanes;
using Hybrid.Pipeline.Avro;
using Hybrid.Pipeline.Hosting;
using Hybrid.Pipeline.Kafka;
using Hybrid.Pipeline.Solr;
using Hybrid.Pipeline.Solr.Json;

namespace Hybrid.Benchmarks.Chain;

/// <summary>The micro-batch lane, from the topic to acknowledged documents, against bare posts of the same documents in the same bulks.</summary>
internal static class LaneChain
{
    private const int Bulk = 500;
    private const double Target = 0.7;
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(5);

    public static async Task<ChainFigure> RunAsync(StackEndpoints endpoints, ChainOptions options, Action<string> progress, CancellationToken cancellationToken)
    {
        var (lane, bare) = (new List<double>(), new List<double>());
        for (var round = 0; round <= options.Rounds; round++)
        {
            progress($"micro-batch lane, round {round} of {options.Rounds}");
            await using var scope = new ServiceScope(
                endpoints, $"lane-{round}.", (services, configuration) => services.AddMicroBatchLane(configuration), ("Solr:Collection", $"lane-{round}"));
            var kafka = scope.Get<KafkaClients>();
            await kafka.EnsureTopicsAsync(cancellationToken);
            var deltas = await EncodedDeltas.CreateAsync(scope.Get<IDeltaEncoder>(), options.Records, options.Records, cancellationToken);
            await Task.Run(() => deltas.Produce(kafka), cancellationToken);
            await scope.Get<SolrAdmin>().EnsureCollectionAsync($"bare-{round}", cancellationToken);
            var bodies = deltas.Deltas.Chunk(Bulk).Select(Body).ToArray();

            var clock = Stopwatch.StartNew();
            await PostAsync($"{endpoints.SolrUrl}/bare-{round}/update?update.chain={UpdateChains.Attributes}&commitWithin=200", bodies, cancellationToken);
            var posted = options.Records / clock.Elapsed.TotalSeconds;

            var drained = await DrainAsync(scope, options.Records, cancellationToken);
            if (round > 0)
            {
                lane.Add(drained);
                bare.Add(posted);
            }
        }

        return new ChainFigure("micro-batch lane", ChainTable.Median(lane), "bare bulk posts, the same documents", ChainTable.Median(bare), Target);
    }

    private static async Task<double> DrainAsync(ServiceScope scope, int records, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var started = new TaskCompletionSource();
        var run = scope.Get<IHybridService>().RunAsync(() => started.TrySetResult(), stop.Token);
        await Task.WhenAny(started.Task, run);
        var clock = Stopwatch.StartNew();
        while (scope.Counter(Instruments.SolrDocuments) < records && !run.IsCompleted)
        {
            await Task.Delay(Poll, cancellationToken);
        }

        await stop.CancelAsync();
        await run;
        return records / clock.Elapsed.TotalSeconds;
    }

    private static byte[] Body(Contracts.Records.CatalogDelta[] bulk)
    {
        var output = new ArrayBufferWriter<byte>(Bulk * 512);
        using var json = new Utf8JsonWriter(output, AttributesJson.WriterOptions);
        json.WriteStartArray();
        foreach (var delta in bulk)
        {
            AttributesJson.Write(json, delta);
        }

        json.WriteEndArray();
        json.Flush();
        return output.WrittenSpan.ToArray();
    }

    private static async Task PostAsync(string address, IEnumerable<byte[]> bodies, CancellationToken cancellationToken)
    {
        using var http = new HttpClient();
        foreach (var body in bodies)
        {
            using var content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
            using var response = await http.PostAsync(address, content, cancellationToken);
            response.EnsureSuccessStatusCode();
            await response.Content.ReadAsByteArrayAsync(cancellationToken);
        }
    }
}
