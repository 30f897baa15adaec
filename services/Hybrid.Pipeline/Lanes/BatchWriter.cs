using System.Diagnostics;
using Hybrid.Contracts.Measurement;
using Hybrid.Pipeline.Hosting;
using Hybrid.Pipeline.Measurement;
using Hybrid.Pipeline.Solr;

namespace Hybrid.Pipeline.Lanes;

/// <summary>
/// Writes batches: the newest delta of each document and the newest state of its signals, in bulks. A document that Solr refuses becomes a dead letter and the next
/// newest of the batch is written in its stead, so that the index does not depend on where batches are cut. Safe for concurrent calls.
/// </summary>
/// <param name="solr">Writes to the index.</param>
/// <param name="refused">Takes what Solr refuses.</param>
/// <param name="freshness">Records when documents are posted and acknowledged.</param>
/// <param name="metrics">Counts what was compacted.</param>
/// <param name="tracing">Has a span for each batch.</param>
public sealed class BatchWriter(ISolrWriter solr, IRefusedWrites refused, LaneFreshness freshness, HybridMetrics metrics, HybridTracing tracing)
{
    /// <summary>Requests to Solr that were tried again so far.</summary>
    public long Retries => solr.Retries;

    /// <summary>As the other, without a bound to the bytes of a request.</summary>
    /// <param name="batch">The records.</param>
    /// <param name="bulkDocuments">Documents in one request at most.</param>
    /// <param name="requests">Requests under way at once at most.</param>
    /// <param name="cancellationToken">Gives up; the batch must then be written again.</param>
    /// <exception cref="HybridException">Solr or the dead letters failed for good; the batch must be written again.</exception>
    public Task WriteAsync(RecordBatch batch, int bulkDocuments, int requests, CancellationToken cancellationToken) =>
        WriteAsync(batch, bulkDocuments, long.MaxValue, requests, cancellationToken);

    /// <summary>Writes a batch. On return every record and state of it is in Solr, superseded or a dead letter.</summary>
    /// <param name="batch">The records.</param>
    /// <param name="bulkDocuments">Documents in one request at most.</param>
    /// <param name="bulkBytes">Bytes of their records' values in one request at most; a larger record goes alone.</param>
    /// <param name="requests">Requests under way at once at most.</param>
    /// <param name="cancellationToken">Gives up; the batch must then be written again.</param>
    /// <exception cref="HybridException">Solr or the dead letters failed for good; the batch must be written again.</exception>
    public async Task WriteAsync(RecordBatch batch, int bulkDocuments, long bulkBytes, int requests, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(batch);
        batch.Compact();
        using var span = tracing.Write(batch)?.SetTag(Spans.DocumentsAttribute, batch.Documents + batch.States.Count);
        if (batch.Count > batch.Documents)
        {
            metrics.RecordsCompacted.Add(batch.Count - batch.Documents);
        }

        try
        {
            await WriteBulksAsync(
                batch.Bulks(bulkDocuments, bulkBytes), requests, (start, count, token) => WriteAttributesAsync(batch, start, count, token), cancellationToken)
                .ConfigureAwait(false);
            await WriteBulksAsync(
                batch.StateBulks(bulkDocuments, bulkBytes), requests, (start, count, token) => WriteSignalsAsync(batch, start, count, token), cancellationToken)
                .ConfigureAwait(false);
            if (batch.Refused > 0)
            {
                metrics.PartialFailures.Add(1);
            }
        }
        catch (SolrException failure)
        {
            metrics.BatchFailures.Add(1);
            span?.SetStatus(ActivityStatusCode.Error, failure.Message);
            throw HybridException.Unreachable(
                $"Solr does not take updates ({failure.Message}): the lane stops before them, nothing is lost; start it again when Solr is well", failure);
        }
    }

    private static async Task WriteBulksAsync(
        IReadOnlyList<(int Start, int Count)> bulks, int requests, Func<int, int, CancellationToken, Task> write, CancellationToken cancellationToken)
    {
        if (requests == 1 || bulks.Count <= 1)
        {
            foreach (var (start, count) in bulks)
            {
                await write(start, count, cancellationToken).ConfigureAwait(false);
            }

            return;
        }

        var options = new ParallelOptions { MaxDegreeOfParallelism = requests, CancellationToken = cancellationToken };
        await Parallel.ForAsync(0, bulks.Count, options, async (bulk, token) => await write(bulks[bulk].Start, bulks[bulk].Count, token).ConfigureAwait(false))
            .ConfigureAwait(false);
    }

    private async Task WriteSignalsAsync(RecordBatch batch, int start, int count, CancellationToken cancellationToken)
    {
        var states = batch.States.Skip(start).Take(count).ToArray();
        var refusals = await solr.WriteSignalsAsync(states, cancellationToken).ConfigureAwait(false);
        metrics.SignalStates.Add(states.Length);
        if (refusals.Count == 0)
        {
            return;
        }

        var (distinct, id) = Refused(batch, refusals);
        foreach (var refusal in distinct)
        {
            var (state, cause) = batch.Updates.Last(update => update.State.DocumentId == refusal.DocumentId);
            await refused.RefuseAsync(state, cause, id, refusal.Message, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task WriteAttributesAsync(RecordBatch batch, int start, int count, CancellationToken cancellationToken)
    {
        freshness.Posted(batch.Closed(start, count));
        var refusals = await solr.WriteUpdatesAsync(batch.Newest(start, count), cancellationToken).ConfigureAwait(false);
        freshness.Acknowledged(batch.Closed(start, count));
        if (refusals.Count > 0)
        {
            var (distinct, id) = Refused(batch, refusals);
            await Task.WhenAll(distinct.Select(refusal => RefuseAsync(batch, id, refusal, cancellationToken))).ConfigureAwait(false);
        }
    }

    private static (IReadOnlyList<SolrRefusal> Distinct, string Batch) Refused(RecordBatch batch, IReadOnlyList<SolrRefusal> refusals)
    {
        SolrRefusal[] distinct = [.. refusals.DistinctBy(refusal => refusal.DocumentId)];
        batch.NoteRefused(distinct.Length);
        return (distinct, BatchId.Of(batch.Places));
    }

    private async Task RefuseAsync(RecordBatch batch, string id, SolrRefusal refusal, CancellationToken cancellationToken)
    {
        var versions = batch.Versions(refusal.DocumentId);
        for (var next = 0; ; next++)
        {
            await refused.RefuseAsync(versions[next], id, refusal.Message, cancellationToken).ConfigureAwait(false);
            if (next + 1 == versions.Count)
            {
                return;
            }

            var refusals = await solr.WriteAttributesAsync([versions[next + 1].Delta], cancellationToken).ConfigureAwait(false);
            if (refusals.Count == 0)
            {
                return;
            }

            refusal = refusals[0];
        }
    }
}
