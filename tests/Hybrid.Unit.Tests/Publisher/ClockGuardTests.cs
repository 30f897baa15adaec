using Hybrid.Publisher.Clocks;

namespace Hybrid.Unit.Tests.Publisher;

public sealed class ClockGuardTests
{
    private const int Hour = 3600;
    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(5);
    private static readonly DateTimeOffset Start = new(2026, 3, 29, 1, 0, 0, TimeSpan.Zero);

    private readonly ClockGuard _guard = new(Tolerance);
    private int _passed;

    [Theory]
    [InlineData(Hour)]
    [InlineData(-Hour)]
    [InlineData(6)]
    [InlineData(-6)]
    public void MachinesClock_ThatJumps_IsOutvoted_AndTimeGoesOn(int jump)
    {
        AssertNow(0, Look(0, machine: 0, store: 0));
        AssertNow(10, Look(10, machine: 10, store: 10));

        var reading = Look(1, machine: 11 + jump, store: 11);
        AssertNow(11, reading);
        Assert.True(reading.Disagrees);
        Assert.Equal(Math.Abs(jump), reading.Disagreement.TotalSeconds);
        AssertNow(111, Look(100, machine: 111 + jump, store: 111));
        Assert.False(Look(1, machine: 112, store: 112).Disagrees);
    }

    [Theory]
    [InlineData(Hour)]
    [InlineData(-Hour)]
    public void StoresClock_ThatJumps_IsOutvoted(int jump)
    {
        AssertNow(10, Look(10, machine: 10, store: 10));

        var reading = Look(1, machine: 11, store: 11 + jump);

        AssertNow(11, reading);
        Assert.True(reading.Disagrees);
    }

    [Theory]
    [InlineData(Hour)]
    [InlineData(-Hour)]
    public void ClocksThatDisagreeFromTheStart_AreHeldAtTheLesser(int ahead)
    {
        var reading = Look(0, machine: ahead, store: 0);

        AssertNow(Math.Min(0, ahead), reading);
        Assert.True(reading.Disagrees);
        AssertNow(Math.Min(0, ahead) + 60, Look(60, machine: ahead + 60, store: 60));
    }

    [Fact]
    public void WhatTheMachinesClockSaidBeforeTheStoreWasHeard_DoesNotBind()
    {
        AssertNow(24 * Hour, Look(0, machine: 24 * Hour, store: null));

        AssertNow(1, Look(1, machine: (24 * Hour) + 1, store: 1));
        AssertNow(2, Look(1, machine: 2, store: 2));
    }

    [Fact]
    public void MachineThatWasSuspended_TakesTheTimeThatTheStoreConfirms()
    {
        AssertNow(10, Look(10, machine: 10, store: 10));

        // The monotonic clock stood still: what the store said is as old.
        Assert.True(Look(1, machine: Hour, store: 11) is { Disagrees: true } held && held.Now == Start.AddSeconds(11));
        Assert.True(Look(0, machine: Hour, store: Hour) is { Disagrees: false } woken && woken.Now == Start.AddSeconds(Hour));
    }

    [Fact]
    public void WithoutAStoreThatSaysTheTime_AJumpForwardIsNotFollowed_AndOneBackStandsStill()
    {
        AssertNow(10, Look(10, machine: 10, store: null));
        AssertNow(11, Look(1, machine: Hour, store: null));
        AssertNow(12, Look(1, machine: 12, store: null));
        AssertNow(12, Look(1, machine: 13 - Hour, store: null));
        AssertNow(12, Look(1, machine: 14 - Hour, store: null));
        AssertNow(15, Look(1, machine: 15, store: null));
    }

    [Fact]
    public void Slews_Pass_HoweverFarTheyLeadOverTime()
    {
        for (var second = 0; second < Hour; second++)
        {
            // Both clocks are corrected by a thousandth, which the monotonic one knows nothing of.
            var reading = Look(1, machine: 0, store: 0, slewed: 1.001 * (second + 1));
            Assert.False(reading.Disagrees);
            Assert.Equal(Start.AddSeconds(1.001 * (second + 1)), reading.Now);
        }
    }

    [Fact]
    public void ClockThatRunsAwayInSmallSteps_IsNotFollowedBeyondTwiceTheTolerance()
    {
        AssertNow(0, Look(0, machine: 0, store: 0));
        for (var i = 1; i < 100; i++)
        {
            Assert.True(Look(1, machine: i * 5, store: i).Now <= Start.AddSeconds(i) + (2 * Tolerance));
        }
    }

    [Fact]
    public void Disagreement_IsOneLineThatNamesEveryClock()
    {
        Look(0, machine: 0, store: 0);

        Assert.Equal(
            "the clocks disagree by 3600 s: this machine's says 2026-03-29 02:00:01Z, the object store's 2026-03-29 01:00:01Z, the monotonic one 2026-03-29 01:00:01Z; publishing goes on by 2026-03-29 01:00:01Z, so that no partition is taken to be over too soon: correct the clock that is wrong",
            Look(1, machine: Hour + 1, store: 1).Describe());
    }

    private ClockReading Look(int elapsed, int machine, int? store, double? slewed = null)
    {
        _passed += elapsed;
        return _guard.Read(
            Start.AddSeconds(slewed ?? machine), TimeSpan.FromSeconds(_passed), store is null ? null : Start.AddSeconds(slewed ?? store.Value));
    }

    private static void AssertNow(int seconds, ClockReading reading) => Assert.Equal(Start.AddSeconds(seconds), reading.Now);
}
