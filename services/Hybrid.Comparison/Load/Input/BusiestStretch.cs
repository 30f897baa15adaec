using Hybrid.Contracts.Partitions;

namespace Hybrid.Comparison.Load.Input;

/// <summary>Finds the part of an input that is worth measuring when there is no time for all of it.</summary>
internal static class BusiestStretch
{
    /// <summary>The periods in a row with the most records; of equal ones the first.</summary>
    /// <param name="input">The whole input.</param>
    /// <param name="periods">How many periods, from 1, empty ones too; fewer than the input has.</param>
    /// <returns>The start of the first period, and the end of the last.</returns>
    public static (DateTimeOffset From, DateTimeOffset To) Of(ScannedInput input, int periods)
    {
        var length = input.Layout.Period;
        var records = new long[input.Periods];
        foreach (var partition in input.Partitions)
        {
            records[(int)((partition.Id.Start - input.First.Start).Ticks / length.Ticks)] = partition.Objects.Sum(entry => entry.Records);
        }

        var sum = records.Take(periods).Sum();
        var (best, most) = (0, sum);
        for (var first = 1; first + periods <= records.Length; first++)
        {
            sum += records[first + periods - 1] - records[first - 1];
            if (sum > most)
            {
                (best, most) = (first, sum);
            }
        }

        var from = input.First.Start + (length * best);
        return (from, from + (length * periods));
    }
}
