namespace Hybrid.Pipeline.Lines;

/// <summary>Where a line stands; with the line's own event time it gives the delta's version.</summary>
/// <param name="Partition">The partition's name.</param>
/// <param name="Generation">How often the object was replaced under its key: 0 for the first.</param>
/// <param name="ObjectOrdinal">See <see cref="Contracts.Records.DeltaVersion.ObjectOrdinal"/>.</param>
/// <param name="Line">The line within the object, from 1.</param>
public readonly record struct SourcePosition(string Partition, int Generation, int ObjectOrdinal, long Line);

/// <summary>Why a line is not a delta.</summary>
/// <param name="Class">A stable class for filters and metrics, such as <c>malformed-json</c>.</param>
/// <param name="Message">One line for people.</param>
public sealed record LineError(string Class, string Message)
{
    /// <summary>Where in the line it is wrong, in bytes from 1; null when that is not known.</summary>
    public long? Column { get; init; }
}
