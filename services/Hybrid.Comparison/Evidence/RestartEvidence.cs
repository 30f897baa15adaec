namespace Hybrid.Comparison.Evidence;

/// <summary>What was measured when a lane, or the publisher before it, was ended and started again.</summary>
internal sealed record RestartEvidence
{
    /// <summary>The anchor in report.html, without the hash.</summary>
    public required string Id { get; init; }

    /// <summary>The lane whose index was watched.</summary>
    public required string Lane { get; init; }

    /// <summary>What was done, such as <c>kill streaming, resume</c>.</summary>
    public required string What { get; init; }

    /// <summary>How it was to go on, <c>resume</c> or <c>latest</c>; null where the report does not say, which is resume.</summary>
    public string? Policy { get; init; }

    /// <summary>How long it was kept away on purpose, seconds.</summary>
    public double OutageSeconds { get; init; }

    /// <summary>Whether it was to take up everything it had missed, so that the index must end right.</summary>
    public bool MustConverge => Policy != "latest";

    /// <summary>The worst staleness through it, seconds.</summary>
    public Measured? PeakStaleness { get; init; }

    /// <summary>From the signal until freshness was back in its band, seconds.</summary>
    public Measured? CatchUp { get; init; }

    /// <summary>Whether the index ended in the truth; null when it was not seen.</summary>
    public bool? Converged { get; init; }
}
