namespace Hybrid.Benchmarks.Sandbox;

/// <summary>Which side of its target a figure has to be on.</summary>
internal enum Bound
{
    AtLeast,
    AtMost,
}

/// <summary>A rate of the layer below, measured in the same run over the same bytes.</summary>
/// <param name="Name">What the layer below is.</param>
/// <param name="PerSecond">Its rate, in the unit of the figure that it stands beside.</param>
internal sealed record Ceiling(string Name, double PerSecond);

/// <summary>One figure of the sandbox.</summary>
/// <param name="Name">What was measured.</param>
/// <param name="Value">The median of the rounds.</param>
/// <param name="Unit">Its unit.</param>
/// <param name="Target">What it has to reach or keep under; null for a figure that only explains another.</param>
/// <param name="Bound">The side of the target it has to be on.</param>
internal sealed record SandboxFigure(string Name, double Value, string Unit, double? Target = null, Bound Bound = Bound.AtLeast)
{
    /// <summary>What the layer below can do; null where there is none.</summary>
    public Ceiling? Below { get; init; }

    /// <summary>The rounds' lowest and highest; null where there was one.</summary>
    public (double Low, double High)? Spread { get; init; }

    public bool Reached => Target is not { } target || (Bound == Bound.AtLeast ? Value >= target : Value <= target);

    /// <summary>The figure of several rounds: their median.</summary>
    public static SandboxFigure Of(string name, IReadOnlyCollection<double> rounds, string unit, double? target = null, Bound bound = Bound.AtLeast) =>
        new(name, Chain.ChainTable.Median(rounds), unit, target, bound)
        {
            Spread = rounds.Count > 1 ? (rounds.Min(), rounds.Max()) : null,
        };
}
