using Hybrid.Contracts.Reports.Experiments;

namespace Hybrid.Comparison.Evidence;

/// <summary>A measured figure with its spread: the mean of its repetitions, and the interval that the mean lies in with 95 % confidence.</summary>
/// <param name="Value">The figure.</param>
/// <param name="Low">The interval's lower end; null when it was measured too seldom to know one.</param>
/// <param name="High">The interval's upper end; null likewise.</param>
/// <param name="Worst">The highest of the repetitions.</param>
/// <param name="Repetitions">How often it was measured.</param>
internal readonly record struct Measured(double Value, double? Low, double? High, double Worst, int Repetitions)
{
    /// <summary>Whether the spread is known.</summary>
    public bool HasSpread => Low is not null && High is not null;

    /// <summary>A figure that was measured once: its spread is unknown.</summary>
    public static Measured Once(double value) => new(value, null, null, value, 1);

    /// <summary>A figure of the report; an interval below 0 is cut there, since no figure of a report is.</summary>
    public static Measured Of(Estimate estimate) =>
        new(estimate.Mean, estimate.Low is { } low ? Math.Max(0, low) : null, estimate.High, estimate.Max, estimate.Runs);

    /// <summary>The same, for a figure that may be absent.</summary>
    public static Measured? OfOptional(Estimate? estimate) => estimate is null ? null : Of(estimate);

    /// <summary>The figure after a rising function.</summary>
    public Measured Through(Func<double, double> rising) =>
        new(rising(Value), Low is { } low ? rising(low) : null, High is { } high ? rising(high) : null, rising(Worst), Repetitions);
}
