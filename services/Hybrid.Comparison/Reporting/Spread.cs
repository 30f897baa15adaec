using Hybrid.Comparison.Evidence;

namespace Hybrid.Comparison.Reporting;

/// <summary>A figure as people read it, with its spread.</summary>
internal static class Spread
{
    public static string Seconds(Measured? figure) => Of(figure, value => Figures.Seconds(value));

    public static string Money(Measured? figure, string currency) => Of(figure, value => Figures.Money(value, currency));

    /// <summary><c>1.2 s (1.1 s to 1.3 s)</c>; without a spread the figure alone, marked as of one run.</summary>
    public static string Of(Measured? figure, Func<double, string> format) => figure switch
    {
        null => Figures.NotMeasured,
        { Low: { } low, High: { } high } => $"{format(figure.Value.Value)} ({format(low)} to {format(high)})",
        _ => $"{format(figure.Value.Value)} (one run)",
    };
}
