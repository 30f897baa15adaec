using FsCheck;
using FsCheck.Fluent;

namespace Hybrid.Unit.Tests.Publisher;

public sealed class PublishPlannerPropertyTests
{
    /// <summary>
    /// For any schedule of arrivals, replacements (also while the object is published), deletions, late arrivals, listings that hide objects
    /// and show them again, transactions of any size, crashes anywhere, shards that pause and are taken over, and changes of their number: every line of every content
    /// that was published is there once and in order, generations rise by one, no watermark passes an object that was listed or goes back,
    /// and once listings tell the truth everything in the overlap window is published as it is.
    /// </summary>
    [Fact]
    public void AnySchedule_PublishesEveryObjectOnce_InOrder() => Prop.ForAll(Schedules.ToArbitrary(), schedule =>
    {
        var simulation = new PublishSimulation(schedule.Shards);
        foreach (var cycle in schedule.Cycles)
        {
            simulation.Run(cycle);
        }

        simulation.AssertOnceAndInOrder();

        // The same time again, so that nothing leaves the overlap window: once for what is due, once for what is late by then.
        var now = schedule.Cycles.Length == 0 ? 0 : schedule.Cycles[^1].AtPartition;
        for (var i = 0; i < 3; i++)
        {
            simulation.Run(new Cycle(now, [], [], 0, [], int.MaxValue, int.MaxValue, -1, 0));
        }

        simulation.AssertOnceAndInOrder();
        simulation.AssertSettled();
        Assert.Equal(PlannerFixture.Start + (now * PlannerFixture.Period), simulation.SourceWatermark);
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(400));

    internal sealed record Schedule(int Shards, Cycle[] Cycles);

    /// <summary>Time goes on by 0 to 3 partitions a cycle; objects arrive for partitions from 3 behind the clock to 2 ahead of it.</summary>
    private static Gen<Schedule> Schedules =>
        from shards in Gen.Choose(1, 3)
        from steps in Gen.ArrayOf(
            from forward in Gen.Choose(0, 3)
            from arrivals in Objects
            from deletions in Gen.Frequency((4, Gen.Constant(Array.Empty<(int, int, int)>())), (1, Objects))
            from hides in Gen.Frequency((2, Gen.Constant(0)), (1, Gen.Choose(1, 1_000)))
            from changes in Gen.Frequency((4, Gen.Constant(Array.Empty<(int, int, int)>())), (1, Objects))
            from lines in Gen.Choose(1, 12)
            from crash in Gen.Frequency((3, Gen.Constant(int.MaxValue)), (2, Gen.Choose(0, 12)))
            from idle in Gen.Frequency((3, Gen.Constant(-1)), (1, Gen.Choose(0, 2)))
            from count in Gen.Frequency((5, Gen.Constant(0)), (1, Gen.Choose(1, 3)))
            select (forward, arrivals, deletions, hides, changes, lines, crash, idle, count))
        select new Schedule(shards, [.. Cycles(steps)]);

    private static Gen<(int Back, int Name, int Content)[]> Objects => Gen.ArrayOf(
        from back in Gen.Choose(-2, 3)
        from name in Gen.Choose(0, 3)
        from content in Gen.Choose(1, 5)
        select (back, name, content));

    private static IEnumerable<Cycle> Cycles(
        IEnumerable<(int Forward, (int, int, int)[] Arrivals, (int, int, int)[] Deletions, int Hides, (int, int, int)[] Changes, int Lines, int Crash, int Idle, int Count)> steps)
    {
        var now = 0;
        foreach (var step in steps)
        {
            now += step.Forward;
            yield return new Cycle(
                now,
                At(step.Arrivals),
                [.. At(step.Deletions).Select(one => (one.Partition, one.Name))],
                step.Hides,
                At(step.Changes),
                step.Lines,
                step.Crash,
                step.Idle,
                step.Count);
        }

        (int Partition, int Name, int Content)[] At((int Back, int Name, int Content)[] objects) =>
            [.. objects.Select(one => (Math.Max(0, now - one.Back), one.Name, one.Content))];
    }
}
