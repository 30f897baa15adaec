namespace Hybrid.Comparison.Load;

/// <summary>How far a generator or importer is.</summary>
/// <param name="Done">Steps done: partitions generated, or days imported.</param>
/// <param name="Total">Steps in all.</param>
/// <param name="Lines">Lines written so far.</param>
public sealed record LoadProgress(long Done, long Total, long Lines);
