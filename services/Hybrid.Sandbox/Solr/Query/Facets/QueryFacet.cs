using Hybrid.Sandbox.Solr.Index;

namespace Hybrid.Sandbox.Solr.Query.Facets;

/// <summary><c>facet.query</c>: how many of the hits a second query finds too.</summary>
internal sealed class QueryFacet(string key, IMatcher matcher) : IHitCollector
{
    /// <summary>What the answer calls it.</summary>
    public string Key { get; } = key;

    public int Count { get; private set; }

    public void Collect(in StoredDocument document, bool isHit) => Count += isHit && matcher.Matches(document) ? 1 : 0;
}
