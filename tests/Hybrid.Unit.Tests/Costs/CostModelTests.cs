using Hybrid.Comparison.Cost;
using Hybrid.Comparison.Evidence;
using Hybrid.Unit.Tests.Decisions;

namespace Hybrid.Unit.Tests.Costs;

public class CostModelTests
{
    private static readonly Pricing s_prices = PricingFile.Examples();

    [Fact]
    public void AlwaysOnLane_PaysItsReservationPublisherAndBrokers_WhetherAnythingComesOrNot()
    {
        var idle = Bill("streaming", eventsPerDay: 1e-3);
        Assert.Equal(
            ["the lane, always on", "the publisher, always on", "Kafka brokers, always on"],
            idle.Lines.Where(line => line.AlwaysOn).Select(line => line.Name));
        Assert.Equal(idle.AtRest, Bill("streaming", eventsPerDay: 1e6).AtRest, 6);
        Assert.Equal(3 * 0.2 * 730, idle.Lines.Single(line => line.Name.StartsWith("Kafka brokers", StringComparison.Ordinal)).PerMonth, 6);
        Assert.Equal(((0.25 * 0.04) + (0.5 * 0.005)) * 730, idle.Lines[0].PerMonth, 6);
    }

    [Fact]
    public void ScheduledLane_HasNothingAlwaysOn_AndNeedsNoBrokers()
    {
        var bill = Bill("batch", eventsPerDay: 1e6);
        Assert.Equal(0, bill.AtRest);
        Assert.DoesNotContain(bill.Lines, line => line.Name.Contains("Kafka", StringComparison.Ordinal) || line.Name.Contains("publisher", StringComparison.Ordinal));

        // A job every five minutes: 8 760 starts of 20 s, and 50 core-seconds for each of the month's 30.4 million records.
        var seconds = (8_760 * 20.0) + (50 * 1e6 * 730 / 24 / 1e6);
        Assert.Equal(seconds / 3600 * (0.05 + (0.5 * 0.006)), bill.Lines[0].PerMonth, 6);
    }

    [Fact]
    public void DirectLane_IsAlwaysOnWithoutBrokers() =>
        Assert.Equal(["the lane, always on"], Bill("direct", 1e6).Lines.Where(line => line.AlwaysOn).Select(line => line.Name));

    [Fact]
    public void BoundedInput_PaysOnlyForWork()
    {
        var bill = Bill("streaming", 1e6, bounded: true);
        Assert.Equal(0, bill.AtRest);
        Assert.True(bill.PerMonth < Bill("streaming", 1e6).PerMonth / 10);
    }

    [Fact]
    public void Load_BeyondTheReservation_IsPaidInProportion()
    {
        // 50 core-seconds a million at 1e6 records/s are 50 cores busy, and 0.6 of a core may be.
        var cores = ((50.0 * 1e6 / 1e6) + 0.01) / 0.6;
        Assert.Equal(((cores * 0.04) + (0.5 * 0.005)) * 730, Bill("streaming", 86_400e6).Lines[0].PerMonth, 3);
        Assert.Equal(Math.Ceiling(1e6 * 3 / 50_000) * 0.2 * 730, Bill("streaming", 86_400e6).Lines[2].PerMonth, 3);
    }

    [Fact]
    public void WhatWasNotMeasured_IsNamedAndNotTakenAsNothingWithoutAWord()
    {
        var lane = Observations.Lane("streaming");
        var bill = CostModel.BillOf(lane with { Used = new Consumption { CoreSecondsPerMillion = lane.Used.CoreSecondsPerMillion } }, Load(1e6), s_prices)!;
        Assert.Equal(7, bill.NotMeasured.Count);
        Assert.Null(CostModel.BillOf(lane with { Used = new Consumption() }, Load(1e6), s_prices));
    }

    [Fact]
    public void Total_CarriesTheSpreadOfTheProcessorTime()
    {
        var total = CostModel.PerMonth(Observations.Lane("streaming", spread: 0.1), Load(86_400e6), s_prices)!.Value;
        Assert.True(total.HasSpread && total.Low < total.Value && total.Value < total.High);
        Assert.False(CostModel.PerMonth(Observations.Lane("streaming", repetitions: 1), Load(1e6), s_prices)!.Value.HasSpread);
    }

    [Fact]
    public void PerMillionRecords_IsTheMonthSpreadOverItsRecords()
    {
        var bill = Bill("streaming", 1e6);
        Assert.Equal(bill.PerMonth, bill.PerMillionRecords * 730 / 24, 6);
    }

    private static Bill Bill(string lane, double eventsPerDay, bool bounded = false) => CostModel.BillOf(Observations.Lane(lane), Load(eventsPerDay, bounded), s_prices)!;

    private static Workload Load(double eventsPerDay, bool bounded = false) => new(eventsPerDay, TimeSpan.FromMinutes(5), bounded);
}
