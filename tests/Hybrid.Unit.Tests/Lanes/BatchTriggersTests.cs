using Hybrid.Lanes.MicroBatch;
using Hybrid.Pipeline.Lanes;

namespace Hybrid.Unit.Tests.Lanes;

public sealed class BatchTriggersTests
{
    private readonly SteppedTime _time = new();
    private readonly LaneOptions _options = new() { Interval = TimeSpan.FromSeconds(1), MaxBatchRecords = 3, MaxBatchBytes = 2_000 };

    [Fact]
    public void EmptyBatch_NeverFires()
    {
        var triggers = Triggers();
        _time.Advance(TimeSpan.FromHours(1));

        Assert.Null(triggers.Fired);
        Assert.Equal(TimeSpan.MaxValue, triggers.Remaining);
    }

    [Fact]
    public void Interval_CountsFromTheFirstRecord()
    {
        var triggers = Triggers();
        _time.Advance(TimeSpan.FromMinutes(1));
        triggers.Add(10);
        _time.Advance(TimeSpan.FromMilliseconds(600));
        triggers.Add(10);
        Assert.Null(triggers.Fired);
        Assert.Equal(TimeSpan.FromMilliseconds(400), triggers.Remaining);

        _time.Advance(TimeSpan.FromMilliseconds(400));
        Assert.Equal(BatchTrigger.Interval, triggers.Fired);
        Assert.Equal(TimeSpan.Zero, triggers.Remaining);
    }

    [Fact]
    public void Records_FireBeforeTheInterval()
    {
        var triggers = Triggers();
        triggers.Add(1);
        triggers.Add(1);
        Assert.Null(triggers.Fired);
        triggers.Add(1);

        Assert.Equal(BatchTrigger.Records, triggers.Fired);
    }

    [Fact]
    public void Bytes_FireBeforeRecordsAndInterval()
    {
        var triggers = Triggers();
        triggers.Add(1_999);
        Assert.Null(triggers.Fired);
        triggers.Add(1);

        Assert.Equal(BatchTrigger.Bytes, triggers.Fired);
    }

    [Fact]
    public void FullBatch_CountsAsFullEvenWhenItsIntervalIsOver()
    {
        var triggers = Triggers();
        triggers.Add(1);
        triggers.Add(1);
        triggers.Add(1);
        _time.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal(BatchTrigger.Records, triggers.Fired);
    }

    [Fact]
    public void Reset_BeginsANewInterval()
    {
        var triggers = Triggers();
        triggers.Add(1);
        _time.Advance(TimeSpan.FromSeconds(1));
        triggers.Reset();
        Assert.Null(triggers.Fired);
        triggers.Add(1);

        Assert.Equal(TimeSpan.FromSeconds(1), triggers.Remaining);
    }

    [Fact]
    public void BoundsInFlight_BoundABatchToo()
    {
        _options.MaxBatchRecords = 1_000;
        _options.MaxInFlightRecords = 4;
        var triggers = Triggers();
        triggers.Add(1);
        triggers.Add(1);

        Assert.Equal(BatchTrigger.Records, triggers.Fired);
    }

    private BatchTriggers Triggers() => new(_options, _time);
}
