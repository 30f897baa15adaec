using Hybrid.Comparison.Evidence;

namespace Hybrid.Comparison.Reporting;

/// <summary>A figure as people read it, with its spread.</summary>
internal static class Spread
{
    private const double Negligible = 0.005;

    /// <summary>The spread alone: half the interval's width, or both its ends where it does not lie evenly about the figure.</summary>
    public static string Beneath(Measured figure, Func<double, string> format) => figure switch
    {
        { Low: { } low, High: { } high } => Interval(figure.Value, low, high, format),
        { Repetitions: > 1 } => $"{figure.Repetitions} runs",
        _ => "one run",
    };

    public static string Seconds(Measured? figure) => Of(figure, value => Figures.Seconds(value));

    public static string Money(Measured? figure, string currency) => Of(figure, value => Figures.Money(value, currency));

    /// <summary><c>1.2 s (1.1 s to 1.3 s)</c>; without a spread the figure alone, marked as of one run.</summary>
    public static string Of(Measured? figure, Func<double, string> format) => figure switch
    {
        null => Figures.NotMeasured,
        { Low: { } low, High: { } high } => $"{format(figure.Value.Value)} ({format(low)} to {format(high)})",
        _ => $"{format(figure.Value.Value)} (one run)",
    };

    private static string Interval(double value, double low, double high, Func<double, string> format)
    {
        var half = (high - low) / 2;
        return half <= Negligible * Math.Abs(value) ? "± <1 %"
            : Math.Abs(value - ((low + high) / 2)) <= Negligible * half ? $"± {format(half)}"
            : $"{format(low)} to {format(high)}";
    }
}
