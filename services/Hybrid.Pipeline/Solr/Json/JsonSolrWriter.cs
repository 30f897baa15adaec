using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Text.Json;
using Hybrid.Contracts.Search;
using Hybrid.Pipeline.Measurement;

namespace Hybrid.Pipeline.Solr.Json;

/// <summary>The adapter <c>json</c>: one POST a bulk, written as JSON into a pooled buffer.</summary>
internal sealed class JsonSolrWriter : BulkSolrWriter
{
    private const int InitialBufferBytes = 256 * 1024;
    private static readonly MediaTypeHeaderValue Json = new("application/json");

    private readonly SolrHttp _http;
    private readonly HybridMetrics _metrics;
    private readonly ConcurrentBag<UpdateBuffer> _buffers = [];

    public JsonSolrWriter(SolrHttp http, string collection, SolrVisibility visibility, HybridMetrics metrics)
        : base(UpdateAddress(http, collection, visibility), metrics)
    {
        _http = http;
        _metrics = metrics;
    }

    public override string Adapter => "json";

    public override ValueTask DisposeAsync()
    {
        while (_buffers.TryTake(out var buffer))
        {
            buffer.Dispose();
        }

        return ValueTask.CompletedTask;
    }

    protected override async Task<SolrAnswer> PostAsync(Bulk bulk, CancellationToken cancellationToken)
    {
        var buffer = _buffers.TryTake(out var pooled) ? pooled : new UpdateBuffer();
        buffer.Write(bulk);
        _metrics.SolrBytesSent.Add(buffer.Written.Length);
        var content = new ReadOnlyMemoryContent(buffer.Written);
        content.Headers.ContentType = Json;

        // A request that fails may still be reading its buffer, so only an answered one gives its buffer back.
        var answer = await _http.SendAsync(HttpMethod.Post, Update, content, cancellationToken).ConfigureAwait(false);
        _buffers.Add(buffer);
        return answer;
    }

    private static Uri UpdateAddress(SolrHttp http, string collection, SolrVisibility visibility)
    {
        var parameter = visibility.Parameter is { } named ? "&" + named : "";
        return http.Collection(collection, $"update?update.chain={UpdateChains.Attributes}&wt=json{parameter}");
    }

    private sealed class UpdateBuffer : IDisposable
    {
        private readonly PooledBuffer _buffer = new(InitialBufferBytes);
        private readonly Utf8JsonWriter _json;

        public UpdateBuffer() => _json = new Utf8JsonWriter(_buffer, AttributesJson.WriterOptions);

        public ReadOnlyMemory<byte> Written => _buffer.Written;

        public void Write(Bulk bulk)
        {
            _buffer.Clear();
            _json.Reset();
            _json.WriteStartArray();
            for (var i = 0; i < bulk.Count; i++)
            {
                AttributesJson.Write(_json, bulk[i]);
            }

            _json.WriteEndArray();
            _json.Flush();
        }

        public void Dispose()
        {
            _json.Dispose();
            _buffer.Dispose();
        }
    }
}
