namespace Hybrid.Comparison.Evidence;

/// <summary>Everything in a report that a decision or a projection rests on.</summary>
internal sealed record MeasuredEvidence
{
    /// <summary>Lanes as they were set, undisturbed, at the load of the report.</summary>
    public required IReadOnlyList<Observation> Candidates { get; init; }

    /// <summary>The same and the runs at other loads: what a model can learn from.</summary>
    public required IReadOnlyList<Observation> Observations { get; init; }

    public required IReadOnlyList<RestartEvidence> Restarts { get; init; }

    /// <summary>The lanes whose index did not end right after a restart or a fault that it should have survived, and the first that broke it.</summary>
    public required IReadOnlyDictionary<string, string> Losses { get; init; }

    /// <summary>The highest rate that each lane was seen to sustain, records per second of one instance.</summary>
    public required IReadOnlyDictionary<string, SustainedRate> Rates { get; init; }

    /// <summary>The kinds of experiments made.</summary>
    public required IReadOnlyList<string> Kinds { get; init; }
}

/// <summary>The highest rate that one instance of a lane was seen to sustain.</summary>
/// <param name="RecordsPerSecond">The rate.</param>
/// <param name="IsLimit">Whether a higher one was tried and refused; false when the limit lies above.</param>
internal readonly record struct SustainedRate(double RecordsPerSecond, bool IsLimit);
