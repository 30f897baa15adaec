using System.Buffers;
using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text.Json;
using Hybrid.Contracts.Measurement;
using Hybrid.Contracts.Records;
using Hybrid.Contracts.Search;
using Hybrid.Contracts.Stack;
using Hybrid.Lanes;
using Hybrid.Pipeline.Avro;
using Hybrid.Pipeline.Hosting;
using Hybrid.Pipeline.Kafka;
using Hybrid.Pipeline.Solr;
using Hybrid.Pipeline.Solr.Json;
using Hybrid.Pipeline.Solr.Updates;

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
            await scope.Get<KafkaClients>().EnsureTopicsAsync(cancellationToken);
            var posted = await PrepareAsync(scope, $"bare-{round}", endpoints, options.Records, cancellationToken);

            // The lane must not pay for a heap full of the documents that the bare posts needed.
            GC.Collect();
            var drained = await DrainAsync(scope, options.Records, cancellationToken);
            if (round > 0)
            {
                lane.Add(drained);
                bare.Add(posted);
            }
        }

        return new ChainFigure("micro-batch lane", ChainTable.Median(lane), "bare bulk posts, the same documents", ChainTable.Median(bare), Target);
    }

    /// <summary>Fills the topic, and posts the same documents to a collection of their own.</summary>
    private static async Task<double> PrepareAsync(ServiceScope scope, string collection, StackEndpoints endpoints, int records, CancellationToken cancellationToken)
    {
        var deltas = await EncodedDeltas.CreateAsync(scope.Get<IDeltaEncoder>(), records, records, cancellationToken);
        await Task.Run(() => deltas.Produce(scope.Get<KafkaClients>()), cancellationToken);
        await scope.Get<SolrAdmin>().EnsureCollectionAsync(collection, cancellationToken);
        var bulks = deltas.Deltas.Chunk(Bulk).ToArray();
        var clock = Stopwatch.StartNew();
        await PostAsync($"{endpoints.SolrUrl}/{collection}/update?update.chain={UpdateChains.Attributes}&commitWithin=200", bulks, cancellationToken);
        return records / clock.Elapsed.TotalSeconds;
    }

    /// <summary>Runs the lane until every record is written; its time counts from the first record, once it has joined its group.</summary>
    private static async Task<double> DrainAsync(ServiceScope scope, int records, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var run = scope.Get<IHybridService>().RunAsync(() => { }, stop.Token);
        await ReachAsync(scope, Instruments.RecordsConsumed, 1, run, cancellationToken);
        var clock = Stopwatch.StartNew();
        await ReachAsync(scope, Instruments.SolrDocuments, records, run, cancellationToken);
        await stop.CancelAsync();
        await run;
        return records / clock.Elapsed.TotalSeconds;
    }

    private static async Task ReachAsync(ServiceScope scope, string counter, long value, Task run, CancellationToken cancellationToken)
    {
        while (scope.Counter(counter) < value)
        {
            if (run.IsCompleted)
            {
                await run;
                throw HybridException.Failure($"the lane ended before {counter} reached {value}");
            }

            await Task.Delay(Poll, cancellationToken);
        }
    }

    private static async Task PostAsync(string address, IEnumerable<CatalogDelta[]> bulks, CancellationToken cancellationToken)
    {
        using var http = new HttpClient();
        var body = new ArrayBufferWriter<byte>(Bulk * 512);
        using var json = new Utf8JsonWriter(body, JsonUpdateSink.WriterOptions);
        var sink = new JsonUpdateSink(json);
        foreach (var bulk in bulks)
        {
            body.ResetWrittenCount();
            json.Reset();
            json.WriteStartArray();
            foreach (var delta in bulk)
            {
                sink.Write(AttributesFamily.Instance, delta);
            }

            json.WriteEndArray();
            json.Flush();
            using var content = new ReadOnlyMemoryContent(body.WrittenMemory) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
            using var response = await http.PostAsync(address, content, cancellationToken);
            response.EnsureSuccessStatusCode();
            await response.Content.ReadAsByteArrayAsync(cancellationToken);
        }
    }
}
