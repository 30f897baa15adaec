using System.Globalization;

namespace Hybrid.Benchmarks.Chain;

/// <summary>One figure of the chain: a rate, the rate of the layer below in the same run, and the share it has to reach.</summary>
/// <param name="Name">What was measured.</param>
/// <param name="PerSecond">Records a second, the median of the rounds.</param>
/// <param name="Below">What the layer below is.</param>
/// <param name="BelowPerSecond">Its records a second, the median of the rounds.</param>
/// <param name="Target">The share to reach, 0 to 1.</param>
internal sealed record ChainFigure(string Name, double PerSecond, string Below, double BelowPerSecond, double Target)
{
    public double Ratio => PerSecond / BelowPerSecond;

    public bool Reached => Ratio >= Target;
}

/// <summary>Prints the chain's figures.</summary>
internal static class ChainTable
{
    private const double Mebibyte = 1024 * 1024;

    public static void Write(TextWriter output, IReadOnlyList<ChainFigure> figures)
    {
        output.WriteLine();
        output.WriteLine($"{"what",-34} {"records/s",12}   {"the layer below",-38} {"records/s",12} {"ratio",7} {"target",7}");
        foreach (var figure in figures)
        {
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{figure.Name,-34} {figure.PerSecond,12:N0}   {figure.Below,-38} {figure.BelowPerSecond,12:N0} {figure.Ratio,7:P0} {figure.Target,7:P0}{(figure.Reached ? "" : "  BELOW TARGET")}"));
        }
    }

    public static void Write(TextWriter output, IReadOnlyList<MemoryFigure> figures)
    {
        output.WriteLine();
        output.WriteLine($"{"peak resident memory",-34} {"input",12}   {"ten times the input",-38} {"",12} {"ratio",7} {"limit",7}");
        foreach (var figure in figures)
        {
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{figure.Name,-34} {figure.SmallBytes / Mebibyte,8:N0} MiB   {$"{figure.LargeBytes / Mebibyte:N0} MiB",-38} {"",12} {figure.Ratio,7:P0} {MemoryFigure.Flat,7:P0}{(figure.Reached ? "" : "  NOT FLAT")}"));
        }
    }

    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2;
    }
}
