using System.Net;
using Hybrid.Contracts.Records;
using Hybrid.Pipeline.Avro;
using Hybrid.Pipeline.Measurement;
using Hybrid.Pipeline.Solr.Updates;
using Hybrid.Pipeline.Windows;

namespace Hybrid.Pipeline.Solr;

/// <summary>
/// What every adapter does with a bulk and its answer. Where the server answers a bulk with 400 (no tolerant chain) or 413, the bulk is
/// halved until the documents at fault are found; what was applied meanwhile is applied again, which the version constraint drops. A
/// failed request is not tried again here, see <see cref="ResilientSolrWriter"/>.
/// </summary>
internal abstract class BulkSolrWriter(Uri update, HybridMetrics metrics) : ISolrWriter
{
    public abstract string Adapter { get; }

    /// <summary>The address of the collection's update handler, or of the collection, for messages.</summary>
    protected Uri Update => update;

    public Task<IReadOnlyList<SolrRefusal>> WriteAttributesAsync(IReadOnlyList<CatalogDelta> deltas, CancellationToken cancellationToken) =>
        WriteAsync(AttributesFamily.Instance, deltas, cancellationToken);

    public Task<IReadOnlyList<SolrRefusal>> WriteUpdatesAsync(IReadOnlyList<EncodedDelta> deltas, CancellationToken cancellationToken) =>
        WriteAsync(EncodedAttributesFamily.Instance, deltas, cancellationToken);

    public Task<IReadOnlyList<SolrRefusal>> WriteSignalsAsync(IReadOnlyList<DocumentSignals> signals, CancellationToken cancellationToken) =>
        WriteAsync(SignalsFamily.Instance, signals, cancellationToken);

    public abstract ValueTask DisposeAsync();

    /// <summary>Posts a bulk as one request; counts the bytes.</summary>
    /// <exception cref="SolrException">There was no answer.</exception>
    protected abstract Task<SolrAnswer> PostAsync<T>(UpdateFamily<T> family, Bulk<T> bulk, CancellationToken cancellationToken);

    /// <summary>Tells why an item cannot be written as a document; null when it can.</summary>
    protected virtual string? Unwritable<T>(UpdateFamily<T> family, T item) => family.Unwritable(item);

    private async Task<IReadOnlyList<SolrRefusal>> WriteAsync<T>(UpdateFamily<T> family, IReadOnlyList<T> items, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(items);
        var refusals = new List<SolrRefusal>();
        var writable = Writable(family, items, refusals);
        if (writable.Count > 0)
        {
            await WriteAsync(family, new Bulk<T>(writable, 0, writable.Count), refusals, cancellationToken).ConfigureAwait(false);
        }

        return refusals;
    }

    private IReadOnlyList<T> Writable<T>(UpdateFamily<T> family, IReadOnlyList<T> items, List<SolrRefusal> refusals)
    {
        for (var i = 0; i < items.Count; i++)
        {
            if (Unwritable(family, items[i]) is { } reason)
            {
                refusals.Add(new SolrRefusal(family.IdOf(items[i]), reason));
            }
        }

        return refusals.Count == 0 ? items : [.. items.Where(item => Unwritable(family, item) is null)];
    }

    private async Task WriteAsync<T>(UpdateFamily<T> family, Bulk<T> bulk, List<SolrRefusal> refusals, CancellationToken cancellationToken)
    {
        var answer = await PostTimedAsync(family, bulk, cancellationToken).ConfigureAwait(false);
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
            if (response.Refused.TrueForAll(refusal => bulk.Contains(family, refusal)))
            {
                refusals.AddRange(response.Refused);
                return;
            }

            await HalveAsync(family, bulk, response.Refused[0].Message, refusals, cancellationToken).ConfigureAwait(false);
            return;
        }

        if (answer.Status is not (HttpStatusCode.BadRequest or HttpStatusCode.RequestEntityTooLarge)
            || SolrRefusals.IsAboutTheRequest(response.Error))
        {
            throw answer.ToException(update);
        }

        await HalveAsync(family, bulk, response.Error ?? $"Solr answers {(int)answer.Status}", refusals, cancellationToken).ConfigureAwait(false);
    }

    private async Task HalveAsync<T>(UpdateFamily<T> family, Bulk<T> bulk, string message, List<SolrRefusal> refusals, CancellationToken cancellationToken)
    {
        if (bulk.Count == 1)
        {
            refusals.Add(new SolrRefusal(family.IdOf(bulk[0]), message));
            return;
        }

        var half = bulk.Count / 2;
        await WriteAsync(family, bulk.Slice(0, half), refusals, cancellationToken).ConfigureAwait(false);
        await WriteAsync(family, bulk.Slice(half, bulk.Count - half), refusals, cancellationToken).ConfigureAwait(false);
    }

    private async Task<SolrAnswer> PostTimedAsync<T>(UpdateFamily<T> family, Bulk<T> bulk, CancellationToken cancellationToken)
    {
        metrics.SolrRequests.Add(1);
        metrics.SolrDocuments.Add(bulk.Count);
        var started = TimeProvider.System.GetTimestamp();
        var answer = await PostAsync(family, bulk, cancellationToken).ConfigureAwait(false);
        metrics.SolrRequestDuration.Record(TimeProvider.System.GetElapsedTime(started).TotalSeconds);
        return answer;
    }

    private string Where => update.GetLeftPart(UriPartial.Path);
}
