namespace Hybrid.Sandbox.Solr.Query.Facets;

/// <summary>What is asked of the facet of one field.</summary>
/// <param name="Limit">How many terms at most; below 0 for all.</param>
/// <param name="Offset">How many terms to pass over.</param>
/// <param name="MinCount">Terms that fewer hits have are left out.</param>
/// <param name="ByCount">Whether the most frequent come first, or the terms are in their own order.</param>
/// <param name="Missing">Whether the hits without a value are counted too.</param>
/// <param name="Prefix">What the terms begin with, or null.</param>
/// <param name="Contains">What the terms contain, or null.</param>
/// <param name="ContainsIgnoresCase">Whether letters' case does not matter to <paramref name="Contains"/>.</param>
internal sealed record FacetOptions(
    int Limit,
    int Offset,
    int MinCount,
    bool ByCount,
    bool Missing,
    string? Prefix,
    string? Contains,
    bool ContainsIgnoresCase)
{
    public const int DefaultLimit = 100;
}
