namespace Hybrid.Sandbox.Solr.Index;

/// <summary>How an update request ended.</summary>
/// <param name="Error">What ended it early, or null; the commands before it stand.</param>
/// <param name="Tolerated">The refused commands that a tolerant chain passed over.</param>
/// <param name="Versions">The <c>_version_</c> given to each applied document and deletion, when asked for.</param>
internal sealed record UpdateOutcome(SolrError? Error, IReadOnlyList<ToleratedError> Tolerated, IReadOnlyList<AppliedVersion> Versions);

/// <summary>A refused command.</summary>
/// <param name="Type"><c>ADD</c>, <c>DELID</c> or <c>DELQ</c>.</param>
/// <param name="Id">The document's id, <c>(unknown)</c>, or the query.</param>
/// <param name="Message">Why.</param>
internal sealed record ToleratedError(string Type, string Id, string Message);

/// <summary>An applied command.</summary>
/// <param name="Id">The document's id.</param>
/// <param name="Version">Its new <c>_version_</c>; negative for a deletion.</param>
internal readonly record struct AppliedVersion(string Id, long Version);
