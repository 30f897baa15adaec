using System.Net;
using Hybrid.Contracts.Records;
using Hybrid.Pipeline.Measurement;
using Hybrid.Pipeline.Solr.Json;

namespace Hybrid.Pipeline.Solr;

/// <summary>
/// What every adapter does with a bulk and its answer. Where the server answers a bulk with 400 (no tolerant chain) or 413, the bulk is
/// halved until the documents at fault are found; what was applied meanwhile is applied again, which the version constraint drops. A
/// failed request is not tried again here, see <see cref="ResilientSolrWriter"/>.
/// </summary>
internal abstract class BulkSolrWriter(Uri update, HybridMetrics metrics) : ISolrWriter
{
    public abstract string Adapter { get; }

    /// <summary>The address of the collection's update handler, with its parameters.</summary>
    protected Uri Update => update;

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

    public abstract ValueTask DisposeAsync();

    /// <summary>Posts a bulk as one request; counts the bytes.</summary>
    /// <exception cref="SolrException">There was no answer.</exception>
    protected abstract Task<SolrAnswer> PostAsync(Bulk bulk, CancellationToken cancellationToken);

    /// <summary>Tells why a delta cannot be written as a document; null when it can.</summary>
    protected virtual string? Unwritable(CatalogDelta delta) => AttributesJson.Unwritable(delta);

    private IReadOnlyList<CatalogDelta> Writable(IReadOnlyList<CatalogDelta> deltas, List<SolrRefusal> refusals)
    {
        for (var i = 0; i < deltas.Count; i++)
        {
            if (Unwritable(deltas[i]) is { } reason)
            {
                refusals.Add(new SolrRefusal(deltas[i].DocumentId, reason));
            }
        }

        return refusals.Count == 0 ? deltas : [.. deltas.Where(delta => Unwritable(delta) is null)];
    }

    private async Task WriteAsync(Bulk bulk, List<SolrRefusal> refusals, CancellationToken cancellationToken)
    {
        var answer = await PostTimedAsync(bulk, cancellationToken).ConfigureAwait(false);
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
            throw answer.ToException(update);
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

    private async Task<SolrAnswer> PostTimedAsync(Bulk bulk, CancellationToken cancellationToken)
    {
        metrics.SolrRequests.Add(1);
        metrics.SolrDocuments.Add(bulk.Count);
        var started = TimeProvider.System.GetTimestamp();
        var answer = await PostAsync(bulk, cancellationToken).ConfigureAwait(false);
        metrics.SolrRequestDuration.Record(TimeProvider.System.GetElapsedTime(started).TotalSeconds);
        return answer;
    }

    private string Where => update.GetLeftPart(UriPartial.Path);

    /// <summary>Some of the deltas of a call, to be written as one request.</summary>
    protected readonly record struct Bulk(IReadOnlyList<CatalogDelta> Deltas, int Start, int Count)
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
}
