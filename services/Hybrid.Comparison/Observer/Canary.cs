namespace Hybrid.Comparison.Observer;

/// <summary>A delta that the observer watches for: it is searchable once the index shows its document at its version or a later one.</summary>
/// <param name="DocumentId">The document.</param>
/// <param name="Version">The version to wait for.</param>
/// <param name="Weight">How many records of its object it stands for.</param>
internal readonly record struct Canary(string DocumentId, long Version, double Weight);
