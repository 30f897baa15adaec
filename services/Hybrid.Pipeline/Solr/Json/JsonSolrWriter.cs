using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Hybrid.Contracts.Records;
using Hybrid.Contracts.Search;
using Hybrid.Pipeline.Measurement;

namespace Hybrid.Pipeline.Solr.Json;

/// <summary>
/// The adapter <c>json</c>: one POST a bulk, written as JSON into a pooled buffer. Where the server answers a bulk with 400 (no tolerant
/// chain) or 413, the bulk is halved until the documents at fault are found; what was applied meanwhile is applied again, which the
/// version constraint drops. A failed request is not tried again here, see <see cref="ResilientSolrWriter"/>.
/// </summary>
internal sealed class JsonSolrWriter : ISolrWriter
{
    private const int InitialBufferBytes = 256 * 1024;
    private static readonly MediaTypeHeaderValue Json = new("application/json");

    private readonly SolrHttp _http;
    private readonly HybridMetrics _metrics;
    private readonly Uri _update;
    private readonly ConcurrentBag<UpdateBuffer> _buffers = [];

    public JsonSolrWriter(SolrHttp http, string collection, SolrVisibility visibility, HybridMetrics metrics)
    {
        _http = http;
        _metrics = metrics;
        var parameter = visibility.Parameter is { } named ? "&" + named : "";
        _update = http.Collection(collection, $"update?update.chain={UpdateChains.Attributes}&wt=json{parameter}");
    }

    public string Adapter => "json";

    public async Task<IReadOnlyList<SolrRefusal>> WriteAttributesAsync(IReadOnlyList<CatalogDelta> deltas, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(deltas);
        var refusals = new List<SolrRefusal>();
        var writable = Writable(deltas, refusals);
        if (writable.Count > 0)
        {
            await WriteAsync(new Bulk(writable, 0, writable.Count), refusals, cancellationToken).ConfigureAwait(false);
        }

        return refusals;
    }

    public ValueTask DisposeAsync()
    {
        while (_buffers.TryTake(out var buffer))
        {
            buffer.Dispose();
        }

        return ValueTask.CompletedTask;
    }

    private static IReadOnlyList<CatalogDelta> Writable(IReadOnlyList<CatalogDelta> deltas, List<SolrRefusal> refusals)
    {
        for (var i = 0; i < deltas.Count; i++)
        {
            if (AttributesJson.Unwritable(deltas[i]) is { } reason)
            {
                refusals.Add(new SolrRefusal(deltas[i].DocumentId, reason));
            }
        }

        return refusals.Count == 0 ? deltas : [.. deltas.Where(delta => AttributesJson.Unwritable(delta) is null)];
    }

    private async Task WriteAsync(Bulk bulk, List<SolrRefusal> refusals, CancellationToken cancellationToken)
    {
        var answer = await PostAsync(bulk, cancellationToken).ConfigureAwait(false);
        var understood = SolrUpdateResponse.TryParse(answer.Body, out var response);
        if (answer.Status == HttpStatusCode.OK)
        {
            if (!understood || response.Status is not 0)
            {
                throw new SolrException($"{Where} answers 200 without responseHeader.status 0: is this Solr?", 200, false);
            }

            if (response.Refused is null)
            {
                return;
            }

            SolrRefusals.ThrowIfServerIsAtFault(response.Refused, Where);
            if (response.Refused.TrueForAll(bulk.Contains))
            {
                refusals.AddRange(response.Refused);
                return;
            }

            await HalveAsync(bulk, response.Refused[0].Message, refusals, cancellationToken).ConfigureAwait(false);
            return;
        }

        if (answer.Status is not (HttpStatusCode.BadRequest or HttpStatusCode.RequestEntityTooLarge)
            || SolrRefusals.IsAboutTheRequest(response.Error))
        {
            throw answer.ToException(_update);
        }

        await HalveAsync(bulk, response.Error ?? $"Solr answers {(int)answer.Status}", refusals, cancellationToken).ConfigureAwait(false);
    }

    private async Task HalveAsync(Bulk bulk, string message, List<SolrRefusal> refusals, CancellationToken cancellationToken)
    {
        if (bulk.Count == 1)
        {
            refusals.Add(new SolrRefusal(bulk[0].DocumentId, message));
            return;
        }

        var half = bulk.Count / 2;
        await WriteAsync(bulk.Slice(0, half), refusals, cancellationToken).ConfigureAwait(false);
        await WriteAsync(bulk.Slice(half, bulk.Count - half), refusals, cancellationToken).ConfigureAwait(false);
    }

    private async Task<SolrAnswer> PostAsync(Bulk bulk, CancellationToken cancellationToken)
    {
        var buffer = _buffers.TryTake(out var pooled) ? pooled : new UpdateBuffer();
        buffer.Write(bulk);
        _metrics.SolrRequests.Add(1);
        _metrics.SolrDocuments.Add(bulk.Count);
        _metrics.SolrBytesSent.Add(buffer.Written.Length);
        var started = TimeProvider.System.GetTimestamp();
        var content = new ReadOnlyMemoryContent(buffer.Written);
        content.Headers.ContentType = Json;

        // A request that fails may still be reading its buffer, so only an answered one gives its buffer back.
        var answer = await _http.SendAsync(HttpMethod.Post, _update, content, cancellationToken).ConfigureAwait(false);
        _metrics.SolrRequestDuration.Record(TimeProvider.System.GetElapsedTime(started).TotalSeconds);
        _buffers.Add(buffer);
        return answer;
    }

    private string Where => _update.GetLeftPart(UriPartial.Path);

    private readonly record struct Bulk(IReadOnlyList<CatalogDelta> Deltas, int Start, int Count)
    {
        public CatalogDelta this[int index] => Deltas[Start + index];

        public Bulk Slice(int start, int count) => new(Deltas, Start + start, count);

        public bool Contains(SolrRefusal refusal)
        {
            for (var i = 0; i < Count; i++)
            {
                if (this[i].DocumentId == refusal.DocumentId)
                {
                    return true;
                }
            }

            return false;
        }
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
