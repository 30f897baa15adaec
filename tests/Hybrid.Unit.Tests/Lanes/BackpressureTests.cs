using Confluent.Kafka;
using Hybrid.Lanes.Consuming;
using Microsoft.Extensions.Logging.Abstractions;
using NSubstitute;

namespace Hybrid.Unit.Tests.Lanes;

public sealed class BackpressureTests
{
    private readonly SteppedTime _time = new();
    private readonly IConsumer<byte[], byte[]> _consumer = Substitute.For<IConsumer<byte[], byte[]>>();
    private readonly InFlightGate _gate = new(10, 1_000);
    private readonly Backpressure _pressure;

    public BackpressureTests()
    {
        _consumer.Assignment.Returns([new TopicPartition("t", 0)]);
        _pressure = new Backpressure(_consumer, _gate, TimeSpan.FromMilliseconds(250), _time, NullLogger.Instance);
    }

    [Fact]
    public void ShortlyShut_OnlyWaits()
    {
        _gate.Enter(10, 1);
        Assert.Equal(Pressure.Wait, _pressure.Decide(1));
        _time.Advance(TimeSpan.FromMilliseconds(249));
        Assert.Equal(Pressure.Wait, _pressure.Decide(1));
        _gate.Leave(10, 1);

        Assert.Equal(Pressure.Open, _pressure.Decide(1));
        _consumer.DidNotReceive().Pause(Arg.Any<IEnumerable<TopicPartition>>());
    }

    [Fact]
    public void LastinglyShut_PausesOnce_AndResumesWhenOpen()
    {
        Shut();
        Assert.Equal(Pressure.Paused, _pressure.Decide(1));
        Assert.Equal(Pressure.Paused, _pressure.Decide(1));
        _consumer.Received(1).Pause(Arg.Any<IEnumerable<TopicPartition>>());
        Assert.True(_pressure.IsPaused);

        _gate.Leave(10, 1);
        Assert.Equal(Pressure.Open, _pressure.Decide(1));
        _consumer.Received(1).Resume(Arg.Any<IEnumerable<TopicPartition>>());
        Assert.False(_pressure.IsPaused);
    }

    [Fact]
    public void PartitionsAssignedMeanwhile_ArePausedToo()
    {
        Shut();
        _pressure.Decide(1);
        _pressure.Decide(2);

        _consumer.Received(2).Pause(Arg.Any<IEnumerable<TopicPartition>>());
    }

    [Fact]
    public void PartitionsGivenUpWhilePaused_AreLetGo_SoThatTheyComeBackReadable()
    {
        TopicPartition[] given = [new("t", 0)];
        _pressure.Release(given);
        _consumer.DidNotReceive().Resume(Arg.Any<IEnumerable<TopicPartition>>());

        Shut();
        _pressure.Decide(1);
        _pressure.Release(given);

        _consumer.Received(1).Resume(given);
    }

    private void Shut()
    {
        _gate.Enter(10, 1);
        _pressure.Decide(1);
        _time.Advance(TimeSpan.FromMilliseconds(250));
    }
}
