using System.Buffers;
using System.Net.Http.Headers;
using System.Text.Json;
using Hybrid.Contracts.Records;
using Hybrid.Contracts.Search;
using Hybrid.Pipeline.Solr.Json;
using Hybrid.Pipeline.Solr.Updates;

namespace Hybrid.Benchmarks.Chain;

/// <summary>Posts documents as bare as it gets: bulks of JSON over so many connections, one request under way on each, and no retry.</summary>
internal static class BarePoster
{
    public static async Task PostAsync(string solr, string collection, CatalogDelta[] deltas, int bulkDocuments, int connections, CancellationToken cancellationToken)
    {
        var address = $"{solr}/{collection}/update?update.chain={UpdateChains.Attributes}&wt=json&commitWithin=200";
        using var http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = connections, UseProxy = false, UseCookies = false });
        var next = -bulkDocuments;
        await Task.WhenAll(Enumerable.Range(0, connections).Select(_ => Task.Run(PostAllAsync, cancellationToken)));

        async Task PostAllAsync()
        {
            var body = new ArrayBufferWriter<byte>(bulkDocuments * 512);
            using var json = new Utf8JsonWriter(body, JsonUpdateSink.WriterOptions);
            var sink = new JsonUpdateSink(json);
            while (Interlocked.Add(ref next, bulkDocuments) is var start && start < deltas.Length)
            {
                body.ResetWrittenCount();
                json.Reset();
                Write(sink, json, deltas.AsSpan(start, Math.Min(bulkDocuments, deltas.Length - start)));
                using var content = new ReadOnlyMemoryContent(body.WrittenMemory) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
                using var response = await http.PostAsync(address, content, cancellationToken);
                response.EnsureSuccessStatusCode();
                await response.Content.ReadAsByteArrayAsync(cancellationToken);
            }
        }
    }

    private static void Write(JsonUpdateSink sink, Utf8JsonWriter json, ReadOnlySpan<CatalogDelta> deltas)
    {
        json.WriteStartArray();
        foreach (var delta in deltas)
        {
            sink.Write(AttributesFamily.Instance, delta);
        }

        json.WriteEndArray();
        json.Flush();
    }
}
