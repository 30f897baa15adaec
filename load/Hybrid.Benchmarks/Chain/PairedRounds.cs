namespace Hybrid.Benchmarks.Chain;

/// <summary>
/// Two measurements side by side, round by round, first one and then the other first: what the machine does meanwhile befalls both, and
/// the ratio of a round is the ratio of two neighbours.
/// </summary>
internal static class PairedRounds
{
    /// <param name="options">How many rounds, after one warm-up round.</param>
    /// <param name="above">Measures one round, told its number.</param>
    /// <param name="below">Measures one round of the layer below, told its number.</param>
    public static async Task<IReadOnlyList<(Measured Above, Measured Below)>> RunAsync(
        ChainOptions options, Func<int, Task<Measured>> above, Func<int, Task<Measured>> below)
    {
        var rounds = new List<(Measured Above, Measured Below)>();
        for (var round = 0; round <= options.Rounds; round++)
        {
            Measured one, other;
            if (round % 2 == 0)
            {
                one = await above(round);
                other = await below(round);
            }
            else
            {
                other = await below(round);
                one = await above(round);
            }

            if (round > 0)
            {
                rounds.Add((one, other));
            }
        }

        return rounds;
    }
}
