using System.Buffers;
using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text.Json;
using Hybrid.Benchmarks.Micro;
using Hybrid.Contracts.Search;
using Hybrid.Contracts.Stack;
using Hybrid.Pipeline.Hosting;
using Hybrid.Pipeline.Solr.Json;
using Hybrid.Pipeline.Solr.Updates;

namespace Hybrid.Benchmarks.Sandbox;

/// <summary>Documents a second into Solr, in bulks and one by one, on one connection; the bodies are made beforehand.</summary>
internal static class SolrRates
{
    private const int Bulk = 500;
    private const double RequiredBulk = 40_000;
    private const double RequiredSingle = 4_000;
    private const string Json = "application/json";
    private const string CommitWithin = "commitWithin=1000";

    public static async Task<IReadOnlyList<SandboxFigure>> RunAsync(
        StackEndpoints endpoints, SandboxBenchOptions options, Action<string> progress, CancellationToken cancellationToken)
    {
        using var http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 1 });
        var (adds, versioned, single) = (new List<double>(), new List<double>(), new List<double>());
        var plainBulks = Bodies(options.Documents, Bulk, WritePlain);
        var versionedBulks = Bodies(options.Documents, Bulk, WriteVersioned);
        var updates = Bodies(options.Updates, 1, WriteVersioned);
        const string Versioned = $"update?update.chain={UpdateChains.Attributes}&{CommitWithin}";
        for (var round = 0; round <= options.Rounds; round++)
        {
            progress(round == 0 ? "solr, warm-up" : $"solr, round {round} of {options.Rounds}");
            var rates = new[]
            {
                await PostAsync(http, endpoints, $"plain-{round}", $"update?{CommitWithin}", plainBulks, options.Documents, cancellationToken),
                await PostAsync(http, endpoints, $"versioned-{round}", Versioned, versionedBulks, options.Documents, cancellationToken),
                await PostAsync(http, endpoints, $"single-{round}", Versioned, updates, options.Updates, cancellationToken),
            };
            if (round > 0)
            {
                adds.Add(rates[0]);
                versioned.Add(rates[1]);
                single.Add(rates[2]);
            }
        }

        return
        [
            SandboxFigure.Of("Solr: adds in bulks of 500", adds, "doc/s", RequiredBulk),
            SandboxFigure.Of("Solr: versioned updates in bulks of 500", versioned, "doc/s", RequiredBulk),
            SandboxFigure.Of("Solr: single versioned updates", single, "doc/s", RequiredSingle),
        ];
    }

    /// <summary>Posts bodies one after the other to a collection of their own, which goes again after.</summary>
    /// <returns>Documents a second.</returns>
    private static async Task<double> PostAsync(
        HttpClient http, StackEndpoints endpoints, string collection, string update, byte[][] bodies, int documents, CancellationToken cancellationToken)
    {
        await GetAsync(http, $"{endpoints.SolrUrl}/admin/cores?action=CREATE&name={collection}&configSet={UpdateChains.Configset}&wt=json", cancellationToken);
        var address = new Uri($"{endpoints.SolrUrl}/{collection}/{update}");
        var clock = Stopwatch.StartNew();
        foreach (var body in bodies)
        {
            using var content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue(Json) } };
            using var response = await http.PostAsync(address, content, cancellationToken);
            await ReadAsync(response, cancellationToken);
        }

        var rate = documents / clock.Elapsed.TotalSeconds;
        await GetAsync(http, $"{endpoints.SolrUrl}/{collection}/update?commit=true&wt=json", cancellationToken);
        var answer = await GetAsync(http, $"{endpoints.SolrUrl}/{collection}/select?q=*:*&rows=0&wt=json", cancellationToken);
        using (var found = JsonDocument.Parse(answer))
        {
            var there = found.RootElement.GetProperty("response").GetProperty("numFound").GetInt32();
            if (there != documents)
            {
                throw HybridException.Failure($"Solr has {there} of {documents} documents in {collection}");
            }
        }

        await GetAsync(http, $"{endpoints.SolrUrl}/admin/cores?action=UNLOAD&core={collection}&deleteInstanceDir=true&wt=json", cancellationToken);
        return rate;
    }

    private static async Task<string> GetAsync(HttpClient http, string address, CancellationToken cancellationToken)
    {
        using var response = await http.GetAsync(address, cancellationToken);
        return await ReadAsync(response, cancellationToken);
    }

    private static async Task<string> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var answer = await response.Content.ReadAsStringAsync(cancellationToken);
        return response.IsSuccessStatusCode
            ? answer
            : throw HybridException.Failure($"Solr answered {(int)response.StatusCode} to {response.RequestMessage!.RequestUri}: {answer}");
    }

    private static byte[][] Bodies(int documents, int bulk, Action<Utf8JsonWriter, int> write)
    {
        var bodies = new byte[(documents + bulk - 1) / bulk][];
        var output = new ArrayBufferWriter<byte>(bulk * 512);
        using var json = new Utf8JsonWriter(output, JsonUpdateSink.WriterOptions);
        for (var i = 0; i < bodies.Length; i++)
        {
            output.ResetWrittenCount();
            json.Reset();
            json.WriteStartArray();
            for (var number = i * bulk; number < Math.Min(documents, (i + 1) * bulk); number++)
            {
                write(json, number);
            }

            json.WriteEndArray();
            json.Flush();
            bodies[i] = output.WrittenSpan.ToArray();
        }

        return bodies;
    }

    private static void WriteVersioned(Utf8JsonWriter json, int number) => new JsonUpdateSink(json).Write(AttributesFamily.Instance, SampleDeltas.Create(number));

    private static void WritePlain(Utf8JsonWriter json, int number)
    {
        var delta = SampleDeltas.Create(number);
        json.WriteStartObject();
        json.WriteString(SolrFields.Id, delta.DocumentId);
        json.WriteString(SolrFields.Title, delta.Title);
        json.WriteString(SolrFields.Category, delta.Category);
        json.WriteNumber(SolrFields.Price, delta.Price!.Value);
        json.WriteNumber(SolrFields.Quantity, delta.Quantity!.Value);
        json.WriteString(SolrFields.Partition, delta.Partition);
        json.WriteEndObject();
    }
}
