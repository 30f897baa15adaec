using System.Globalization;

namespace Hybrid.Benchmarks.Sandbox;

/// <summary>Prints the sandbox's figures, each beside its target and what the layer below can do.</summary>
internal static class SandboxTable
{
    public static void Write(TextWriter output, IEnumerable<SandboxFigure> figures)
    {
        output.WriteLine();
        output.WriteLine($"{"what",-46} {"figure",12} {"unit",-6} {"target",11}  {"",-5}  {"lowest to highest",-22} the layer below");
        foreach (var figure in figures)
        {
            var target = figure.Target is { } wanted ? $"{(figure.Bound == Bound.AtLeast ? '≥' : '≤')} {Number(wanted)}" : "";
            var verdict = figure.Target is null ? "" : figure.Reached ? "ok" : "BELOW";
            var spread = figure.Spread is { } rounds ? $"{Number(rounds.Low)} to {Number(rounds.High)}" : "";
            var below = figure.Below is { } ceiling
                ? string.Create(CultureInfo.InvariantCulture, $"{figure.Value / ceiling.PerSecond:P0} of {ceiling.Name} ({Number(ceiling.PerSecond)})")
                : "";
            output.WriteLine($"{figure.Name,-46} {Number(figure.Value),12} {figure.Unit,-6} {target,11}  {verdict,-5}  {spread,-22} {below}".TrimEnd());
        }
    }

    private static string Number(double value) => value.ToString(value < 100 ? "0.00" : "N0", CultureInfo.InvariantCulture);
}
