namespace Hybrid.Comparison.Reporting.Changes;

/// <summary>A figure of two reports.</summary>
internal sealed record Change
{
    /// <summary>The experiment, the lane and its point.</summary>
    public required string Where { get; init; }

    /// <summary>The figure's name.</summary>
    public required string Figure { get; init; }

    public required double Before { get; init; }

    public required double After { get; init; }

    /// <summary>The 95 % interval of the difference; null when one of the two was measured too seldom to know one.</summary>
    public (double Low, double High)? Difference { get; init; }

    public required Movement Movement { get; init; }

    /// <summary>How much it moved, as a share of before; null when before was 0.</summary>
    public double? Share => Before == 0 ? null : (After - Before) / Before;
}

/// <summary>Whether a figure moved.</summary>
internal enum Movement
{
    /// <summary>It moved to the worse by more than the noise of both reports.</summary>
    Worse,

    /// <summary>It moved to the better by more than the noise of both reports.</summary>
    Better,

    /// <summary>0 lies within the interval of the difference.</summary>
    Noise,

    /// <summary>One of the two was measured too seldom to know.</summary>
    Unknown,
}
