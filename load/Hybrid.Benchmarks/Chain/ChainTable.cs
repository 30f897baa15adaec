using System.Globalization;
using Hybrid.Comparison.Observer;

namespace Hybrid.Benchmarks.Chain;

/// <summary>One figure of the chain: a rate, the rate of the layer below in the same run, and the share it has to reach.</summary>
/// <param name="Name">What was measured.</param>
/// <param name="Rounds">Its rounds.</param>
/// <param name="Below">What the layer below is.</param>
/// <param name="BelowRounds">The layer below's rounds, as many; none when it is a figure that is required.</param>
/// <param name="Target">The share to reach, 0 to 1.</param>
internal sealed record ChainFigure(string Name, IReadOnlyList<Measured> Rounds, string Below, IReadOnlyList<Measured> BelowRounds, double Target)
{
    /// <summary>A rate that is required.</summary>
    public static ChainFigure Required(string name, IReadOnlyList<Measured> rounds, double perSecond) =>
        new(name, rounds, "required of it", [.. rounds.Select(_ => new Measured(perSecond))], 1);

    /// <summary>The rounds' ratios.</summary>
    public IReadOnlyList<double> Ratios { get; } = [.. Rounds.Zip(BelowRounds, (above, below) => above.PerSecond / below.PerSecond)];

    /// <summary>The median of the rounds' ratios.</summary>
    public double Ratio => ChainTable.Median(Ratios);

    public bool Reached => Ratio >= Target;
}

/// <summary>Prints the chain's figures.</summary>
internal static class ChainTable
{
    private const double Mebibyte = 1024 * 1024;

    public static void Write(TextWriter output, IReadOnlyList<ChainFigure> figures)
    {
        output.WriteLine();
        output.WriteLine($"{"what",-24} {"records/s",10} {"µs CPU",9} {"bytes",7}   {"the layer below",-36} {"records/s",10} {"µs CPU",9} {"bytes",7} {"ratio",6} {"target",7}  lowest to highest");
        foreach (var figure in figures)
        {
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{figure.Name,-24} {Rounds(figure.Rounds)}   {figure.Below,-36} {Rounds(figure.BelowRounds)} {figure.Ratio,6:P0} {figure.Target,7:P0}  {figure.Ratios.Min():P0} to {figure.Ratios.Max():P0}{(figure.Reached ? "" : "  BELOW TARGET")}"));
        }

        output.WriteLine();
        output.WriteLine("records/s, processor time a record (this process + the sandbox) and bytes allocated a record: the rounds' medians; ratio: the median of the rounds' ratios");
    }

    private static string Rounds(IReadOnlyList<Measured> rounds) => string.Create(
        CultureInfo.InvariantCulture,
        $"{Median(rounds.Select(round => round.PerSecond)),10:N0} {Processor(rounds),9} {Known(rounds.Select(round => round.AllocatedBytes), "N0"),7}");

    private static string Processor(IReadOnlyList<Measured> rounds) =>
        (Known(rounds.Select(round => round.OwnMicroseconds), "0.0"), Known(rounds.Select(round => round.SandboxMicroseconds), "0.0")) is var (own, sandbox)
        && own.Length > 0
            ? $"{own}+{sandbox}"
            : "";

    private static string Known(IEnumerable<double> values, string format) =>
        Median(values) is var median && median > 0 ? median.ToString(format, CultureInfo.InvariantCulture) : "";

    public static void Write(TextWriter output, IReadOnlyList<MemoryFigure> figures)
    {
        output.WriteLine();
        output.WriteLine($"{"peak resident memory",-36} {"MiB",10}   {"beside",-36} {"MiB",10} {"ratio",6} {"limit",7}");
        foreach (var figure in figures)
        {
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{figure.Name,-36} {figure.Bytes / Mebibyte,10:N0}   {figure.Beside,-36} {figure.BesideBytes / Mebibyte,10:N0} {figure.Ratio,6:P0} {MemoryFigure.Flat,7:P0}{(figure.Reached ? "" : "  NOT FLAT")}"));
        }
    }

    public static void Write(TextWriter output, IReadOnlyList<ObserverFigure> figures)
    {
        output.WriteLine();
        output.WriteLine($"{"the observer's questions",-36} {"at most/s",10} {"it asks/s",10} {"share",7} {"95 % interval",18} {"limit",7}");
        foreach (var figure in figures)
        {
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{$"for {figure.Canaries} canaries",-36} {Median(figure.PerSecond),10:N0} {1 / IndexObserver.Interval.TotalSeconds,10:0} {figure.Share.Mean,7:P2} {$"{figure.Share.Low:P2} to {figure.Share.High:P2}",18} {ObserverFigure.Limit,7:P0}{(figure.Reached ? "" : "  NOT BELOW ITS LIMIT")}"));
        }
    }

    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2;
    }
}
