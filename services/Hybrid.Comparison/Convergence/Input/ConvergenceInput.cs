using Hybrid.Comparison.Convergence.Planning;
using Hybrid.Contracts.Partitions;

namespace Hybrid.Comparison.Convergence.Input;

/// <summary>A round's input: partitions that come due one after the other, with objects in time, late, corrected, or none at all.</summary>
/// <param name="Layout">How partitions are named.</param>
/// <param name="First">The first partition.</param>
/// <param name="Partitions">How many there are.</param>
/// <param name="Pace">The wall time from one partition's end to the next.</param>
/// <param name="Puts">Every object, in the order of its time.</param>
internal sealed record ConvergenceInput(PartitionLayout Layout, PartitionId First, int Partitions, TimeSpan Pace, IReadOnlyList<PlannedPut> Puts)
{
    private const int Part = 1;
    private const double ShareOfEmptyPartitions = 0.1;
    private const double ShareOfLateObjects = 0.15;
    private const double ShareOfCorrections = 0.06;
    private const int LatestByPartitions = 8;

    private static readonly DateTimeOffset Start = new(2011, 12, 1, 8, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(5);

    /// <summary>The end of the last partition.</summary>
    public DateTimeOffset End => First.Start + (Partitions * Period);

    /// <summary>How long after the begin the last partition is due.</summary>
    public TimeSpan Length => Pace * Partitions;

    /// <summary>Draws the input of a seed.</summary>
    public static ConvergenceInput Of(long seed)
    {
        var draw = new Draw(seed, Part);
        var layout = new PartitionLayout(PartitionLayout.DefaultTemplate, Period);
        var objects = new ObjectDraw(draw);
        var pace = draw.Milliseconds(60, 160);
        var count = draw.Between(5, 14);
        var first = new PartitionId(Start, Period);
        var puts = new List<PlannedPut>();
        var partition = first;
        for (var number = 0; number < count; number++, partition = partition.Next)
        {
            var due = pace * (number + 1);
            for (var part = draw.Chance(ShareOfEmptyPartitions) ? 0 : draw.Between(1, 3); part > 0; part--)
            {
                var lines = objects.Lines(partition);
                var key = $"{layout.Prefix(partition)}part-{part}{objects.Extension()}";
                var at = draw.Chance(ShareOfLateObjects)
                    ? due + (pace * draw.Between(1, LatestByPartitions))
                    : draw.Between(due - (pace * 2), due);
                puts.Add(new PlannedPut(at > TimeSpan.Zero ? at : TimeSpan.Zero, key, partition, 0, ObjectDraw.Content(key, lines)));
                if (draw.Chance(ShareOfCorrections))
                {
                    puts.Add(new PlannedPut(at + (pace * draw.Between(1, 4)), key, partition, 1, ObjectDraw.Content(key, objects.Correct(lines, partition))));
                }
            }
        }

        return new ConvergenceInput(layout, first, count, pace, [.. puts.OrderBy(put => put.At)]);
    }
}
