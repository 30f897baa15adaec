using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Text.Json;
using Hybrid.Pipeline.Measurement;
using Hybrid.Pipeline.Solr.Updates;

namespace Hybrid.Pipeline.Solr.Json;

/// <summary>The adapter <c>json</c>: one POST a bulk, written as JSON into a pooled buffer.</summary>
internal sealed class JsonSolrWriter : BulkSolrWriter
{
    private const int InitialBufferBytes = 256 * 1024;
    private static readonly MediaTypeHeaderValue Json = new("application/json");

    private readonly SolrHttp _http;
    private readonly string _collection;
    private readonly string _visibility;
    private readonly HybridMetrics _metrics;
    private readonly ConcurrentDictionary<string, Uri> _addresses = new(StringComparer.Ordinal);
    private readonly ConcurrentBag<UpdateBuffer> _buffers = [];

    public JsonSolrWriter(SolrHttp http, string collection, SolrVisibility visibility, HybridMetrics metrics)
        : base(http.Collection(collection, "update"), metrics)
    {
        _http = http;
        _collection = collection;
        _visibility = visibility.Parameter is { } named ? "&" + named : "";
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

    protected override async Task<SolrAnswer> PostAsync<T>(UpdateFamily<T> family, Bulk<T> bulk, CancellationToken cancellationToken)
    {
        var buffer = _buffers.TryTake(out var pooled) ? pooled : new UpdateBuffer();
        buffer.Write(family, bulk);
        _metrics.SolrBytesSent.Add(buffer.Written.Length);
        var content = new ReadOnlyMemoryContent(buffer.Written);
        content.Headers.ContentType = Json;

        // A request that fails may still be reading its buffer, so only an answered one gives its buffer back.
        var answer = await _http.SendAsync(HttpMethod.Post, AddressOf(family.Chain), content, cancellationToken).ConfigureAwait(false);
        _buffers.Add(buffer);
        return answer;
    }

    private Uri AddressOf(string chain) => _addresses.GetOrAdd(
        chain, static (name, writer) => writer._http.Collection(writer._collection, $"update?update.chain={name}&wt=json{writer._visibility}"), this);

    private sealed class UpdateBuffer : IDisposable
    {
        private readonly PooledBuffer _buffer = new(InitialBufferBytes);
        private readonly Utf8JsonWriter _json;
        private readonly JsonUpdateSink _sink;

        public UpdateBuffer()
        {
            _json = new Utf8JsonWriter(_buffer, JsonUpdateSink.WriterOptions);
            _sink = new JsonUpdateSink(_json);
        }

        public ReadOnlyMemory<byte> Written => _buffer.Written;

        public void Write<T>(UpdateFamily<T> family, Bulk<T> bulk)
        {
            _buffer.Clear();
            _json.Reset();
            _json.WriteStartArray();
            for (var i = 0; i < bulk.Count; i++)
            {
                _sink.Write(family, bulk[i]);
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
