namespace Hybrid.Comparison.Truth;

/// <summary>A document as the index holds it, tombstones included.</summary>
/// <param name="DocumentId">Its id.</param>
/// <param name="Version">The version of its attributes; null when it has only signals.</param>
/// <param name="Deleted">Whether it is a tombstone.</param>
/// <param name="Attributes">Its attributes.</param>
internal readonly record struct IndexedDocument(string DocumentId, long? Version, bool Deleted, AttributesFingerprint Attributes);
