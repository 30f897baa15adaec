using Hybrid.Lanes.Consuming;

namespace Hybrid.Unit.Tests.Lanes;

public sealed class InFlightGateTests
{
    [Fact]
    public void ClosesAtTheRecords_AndOpensAtHalf()
    {
        var gate = new InFlightGate(10, long.MaxValue);
        gate.Enter(9, 1);
        Assert.True(gate.IsOpen);
        gate.Enter(1, 1);
        Assert.False(gate.IsOpen);
        gate.Leave(4, 1);
        Assert.False(gate.IsOpen);
        gate.Leave(1, 1);
        Assert.True(gate.IsOpen);
    }

    [Fact]
    public void ClosesAtTheBytes_AndOpensAtHalf()
    {
        var gate = new InFlightGate(int.MaxValue, 1_000);
        gate.Enter(1, 1_000);
        Assert.False(gate.IsOpen);
        gate.Leave(1, 499);
        Assert.False(gate.IsOpen);
        gate.Leave(0, 1);
        Assert.True(gate.IsOpen);
    }

    [Fact]
    public void LargestRecord_StillPasses()
    {
        var gate = new InFlightGate(1, 1);
        Assert.True(gate.IsOpen);
        gate.Enter(1, 1_000_000);
        Assert.False(gate.IsOpen);
        gate.Leave(1, 1_000_000);
        Assert.True(gate.IsOpen);
    }
}
