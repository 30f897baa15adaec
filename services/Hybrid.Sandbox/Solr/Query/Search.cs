using Hybrid.Sandbox.Solr.Index;

namespace Hybrid.Sandbox.Solr.Query;

/// <summary>A search.</summary>
/// <param name="Matcher">What is to be found, filters included.</param>
/// <param name="Key">Its text, when equal texts find the same until the next commit; null when it depends on the clock.</param>
/// <param name="Order">The order of the hits.</param>
/// <param name="Start">How many hits to pass over.</param>
/// <param name="Rows">How many to return.</param>
/// <param name="CursorMark">Where the page before ended, <c>*</c> for the first, or null when it does not page by cursor.</param>
/// <param name="Collectors">What else looks at the hits.</param>
internal sealed record Search(
    IMatcher Matcher,
    string? Key,
    SortOrder Order,
    int Start,
    int Rows,
    string? CursorMark,
    IReadOnlyList<IHitCollector> Collectors);

/// <summary>What a search found.</summary>
/// <param name="NumFound">All hits.</param>
/// <param name="Documents">Those of the page.</param>
/// <param name="NextCursorMark">Where the page ended, when it pages by cursor.</param>
internal sealed record SearchResult(int NumFound, IReadOnlyList<StoredDocument> Documents, string? NextCursorMark);
