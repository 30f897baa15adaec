using Hybrid.Contracts.Reports.Experiments;

namespace Hybrid.Benchmarks.Chain;

/// <summary>What the observer costs.</summary>
/// <param name="Canaries">How many documents one question asked for.</param>
/// <param name="PerSecond">Questions a second that the whole machine asked and answered, of each round.</param>
/// <param name="Share">The machine's share that the observer's questions take, 0 to 1, over the rounds.</param>
internal sealed record ObserverFigure(int Canaries, IReadOnlyList<double> PerSecond, Estimate Share)
{
    public const double Limit = 0.03;

    /// <summary>Whether it stays below the limit beyond doubt: with the whole of the 95 % interval, where more than one round gives one.</summary>
    public bool Reached => (Share.High ?? Share.Mean) < Limit;
}
