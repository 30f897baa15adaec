using Hybrid.Sandbox.Solr.Index;

namespace Hybrid.Sandbox.Solr.Query;

/// <summary>Looks at every visible document of a search, beside the page that the search returns.</summary>
internal interface IHitCollector
{
    /// <param name="document">The document.</param>
    /// <param name="isHit">Whether the search found it.</param>
    void Collect(in StoredDocument document, bool isHit);
}
