using FsCheck;
using FsCheck.Fluent;
using Hybrid.Publisher.Clocks;

namespace Hybrid.Unit.Tests.Publisher;

public sealed class ClockJumpPropertyTests
{
    /// <summary>Partitions that the simulation's planner takes in a cycle at most.</summary>
    private const int MostAtOnce = 64;

    /// <summary>
    /// However the machine's clock jumps, as long as the store's is right: time never goes back, is never ahead of the truth by more than
    /// twice the tolerance, and every object that lands in time for its partition is published, once and in order, with nothing passed over.
    /// </summary>
    [Fact]
    public void AnyJumps_OfTheMachinesClock_MissNothing_AndRepeatNothing() => Prop.ForAll(Schedules.ToArbitrary(), moments =>
    {
        var tolerance = TimeSpan.FromSeconds(5);
        var guard = new ClockGuard(tolerance);
        var simulation = new PublishSimulation(1);
        var (truth, last, partition, at) = (TimeSpan.Zero, DateTimeOffset.MinValue, 0, 0);
        foreach (var moment in moments)
        {
            truth += moment.Passes;
            var now = PlannerFixture.Start + truth;
            var reading = guard.Read(now + moment.MachineIsAhead, truth, now);
            Assert.True(reading.Now >= last, "time goes back");
            Assert.True(reading.Now <= now + (2 * tolerance), $"{reading.Now - now} ahead");
            last = reading.Now;

            // What is over by the truth has landed.
            var arrivals = Enumerable.Range(partition, (int)(truth / PlannerFixture.Period) - partition).Select(over => (over, 0, 1 + (over % 3))).ToArray();
            partition += arrivals.Length;
            at = Math.Max(0, (int)((reading.Now - PlannerFixture.Start) / PlannerFixture.Period));
            simulation.Run(Cycle(at, arrivals));
        }

        truth += PlannerFixture.Period;
        var end = guard.Read(PlannerFixture.Start + truth, truth, PlannerFixture.Start + truth);
        Assert.False(end.Disagrees);
        for (var i = 0; i <= (partition / MostAtOnce) + 1; i++)
        {
            simulation.Run(Cycle(Math.Max(at, partition), []));
        }

        simulation.AssertOnceAndInOrder();
        simulation.AssertSettled();
        Assert.Equal(partition, simulation.Topic.Select(line => line.Key).Distinct().Count());
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(100));

    private sealed record Moment(TimeSpan Passes, TimeSpan MachineIsAhead);

    /// <summary>Up to three partitions pass between two looks; the machine's clock is right, or wrong by up to a thousand partitions either way, for a while.</summary>
    private static Gen<Moment[]> Schedules =>
        (from passes in Gen.Choose(0, 180)
         from wrong in Gen.Frequency(
             (2, Gen.Constant(0)),
             (1, Gen.Choose(-4, 4)),
             (2, Gen.Choose(-60_000, 60_000)))
         select new Moment(TimeSpan.FromSeconds(passes), TimeSpan.FromSeconds(wrong))).ArrayOf();

    private static Cycle Cycle(int atPartition, (int Partition, int Name, int Content)[] arrivals) =>
        new(atPartition, arrivals, [], 0, [], int.MaxValue, int.MaxValue, -1, 0);
}
