namespace Hybrid.Benchmarks.Chain;

/// <summary>One side of a comparison.</summary>
/// <param name="Name">What is measured.</param>
/// <param name="Measure">Measures one round, told its number.</param>
internal sealed record Side(string Name, Func<int, Task<Measured>> Measure);

/// <summary>
/// Two measurements side by side, round by round, first one and then the other first: what the machine does meanwhile befalls both, and
/// the ratio of a round is the ratio of two neighbours.
/// </summary>
internal static class PairedRounds
{
    public static async Task<ChainFigure> RunAsync(Side above, Side below, double target, ChainOptions options, Action<string> progress)
    {
        var (aboves, belows) = (new List<Measured>(), new List<Measured>());
        for (var round = 0; round <= options.Rounds; round++)
        {
            Measured one, other;
            if (round % 2 == 0)
            {
                one = await MeasureAsync(above, round);
                other = await MeasureAsync(below, round);
            }
            else
            {
                other = await MeasureAsync(below, round);
                one = await MeasureAsync(above, round);
            }

            if (round > 0)
            {
                aboves.Add(one);
                belows.Add(other);
            }
        }

        return new ChainFigure(above.Name, aboves, below.Name, belows, target);

        async Task<Measured> MeasureAsync(Side side, int round)
        {
            var measured = await side.Measure(round);
            progress($"{side.Name}, {(round == 0 ? "warm-up" : $"round {round} of {options.Rounds}")}: {measured}");
            return measured;
        }
    }
}
