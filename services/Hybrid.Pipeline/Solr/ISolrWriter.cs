using Hybrid.Contracts.Records;
using Hybrid.Pipeline.Avro;
using Hybrid.Pipeline.Windows;

namespace Hybrid.Pipeline.Solr;

/// <summary>Writes into one collection. Safe for concurrent calls.</summary>
public interface ISolrWriter : IAsyncDisposable
{
    /// <summary>The adapter's name, for the report.</summary>
    string Adapter { get; }

    /// <summary>Requests that were tried again so far; 0 for a writer that never does.</summary>
    long Retries => 0;

    /// <summary>
    /// Writes the attributes of upserts and the tombstones of deletes through the chain
    /// <see cref="Hybrid.Contracts.Search.UpdateChains.Attributes"/>. Older and equal versions are dropped by Solr in silence.
    /// </summary>
    /// <param name="deltas">Upserts and deletes; a document may occur more than once.</param>
    /// <param name="cancellationToken">Gives up; what Solr already applied stays.</param>
    /// <returns>The documents that Solr refused; everything else is acknowledged.</returns>
    /// <exception cref="SolrException">The request failed as a whole.</exception>
    Task<IReadOnlyList<SolrRefusal>> WriteAttributesAsync(IReadOnlyList<CatalogDelta> deltas, CancellationToken cancellationToken);

    /// <summary>As <see cref="WriteAttributesAsync"/>, of deltas that are bytes still: a writer need not make objects of them.</summary>
    /// <param name="deltas">Upserts and deletes; a document may occur more than once. Not changed until the call has ended.</param>
    /// <param name="cancellationToken">Gives up; what Solr already applied stays.</param>
    /// <returns>The documents that Solr refused; everything else is acknowledged.</returns>
    /// <exception cref="SolrException">The request failed as a whole.</exception>
    Task<IReadOnlyList<SolrRefusal>> WriteUpdatesAsync(IReadOnlyList<EncodedDelta> deltas, CancellationToken cancellationToken) =>
        WriteAttributesAsync([.. deltas.Select(delta => delta.ToDelta())], cancellationToken);

    /// <summary>
    /// Writes the signals of documents through the chain <see cref="Hybrid.Contracts.Search.UpdateChains.Signals"/>. Older and equal versions
    /// are dropped by Solr in silence.
    /// </summary>
    /// <param name="signals">The states; a document may occur more than once.</param>
    /// <param name="cancellationToken">Gives up; what Solr already applied stays.</param>
    /// <returns>The documents that Solr refused; everything else is acknowledged.</returns>
    /// <exception cref="SolrException">The request failed as a whole.</exception>
    Task<IReadOnlyList<SolrRefusal>> WriteSignalsAsync(IReadOnlyList<DocumentSignals> signals, CancellationToken cancellationToken);
}

/// <summary>A document that Solr refused.</summary>
/// <param name="DocumentId">Its id.</param>
/// <param name="Message">Solr's words, one line.</param>
public sealed record SolrRefusal(string DocumentId, string Message);

/// <summary>A request to Solr that failed.</summary>
public sealed class SolrException : Exception
{
    /// <summary>Makes an error.</summary>
    /// <param name="message">One line: what, where.</param>
    /// <param name="status">The HTTP status; null when there was no answer.</param>
    /// <param name="isTransient">Whether trying again may help.</param>
    /// <param name="inner">The cause.</param>
    public SolrException(string message, int? status, bool isTransient, Exception? inner = null)
        : base(message, inner)
    {
        Status = status;
        IsTransient = isTransient;
    }

    /// <summary>The HTTP status; null when there was no answer.</summary>
    public int? Status { get; }

    /// <summary>Whether trying again may help: no answer, 408, 429, 5xx.</summary>
    public bool IsTransient { get; }
}
