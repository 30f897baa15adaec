using Hybrid.Streamiz.Stores;

namespace Hybrid.Streamiz.Tests.Topology;

public sealed class InFlightBudgetTests
{
    [Fact]
    public async Task Take_PastTheRecords_WaitsForOneToReturn()
    {
        var budget = new InFlightBudget(maxRecords: 2, maxBytes: 1_000);
        budget.Take(1);
        budget.Take(1);

        var third = Task.Run(() => budget.Take(1));
        Assert.False(third.IsCompleted);
        budget.Return(1, 1);
        await third;

        Assert.Equal(2, budget.Records);
    }

    [Fact]
    public async Task Take_PastTheBytes_WaitsForThemToReturn()
    {
        var budget = new InFlightBudget(maxRecords: 100, maxBytes: 10);
        budget.Take(8);

        var second = Task.Run(() => budget.Take(3));
        Assert.False(second.IsCompleted);
        budget.Return(1, 8);
        await second;

        Assert.Equal(1, budget.Records);
    }

    [Fact]
    public void Take_OfOneRecordLargerThanTheBudget_PassesAlone()
    {
        var budget = new InFlightBudget(maxRecords: 100, maxBytes: 10);

        budget.Take(11);

        Assert.Equal(1, budget.Records);
    }

    [Fact]
    public async Task Close_LetsNobodyWaitAndTakesNoMore()
    {
        var budget = new InFlightBudget(maxRecords: 1, maxBytes: 10);
        budget.Take(1);
        var waiting = Task.Run(() => budget.Take(1));

        budget.Close(new InvalidOperationException("gone"));

        await Assert.ThrowsAsync<WriteFailedException>(() => waiting);
        Assert.Throws<WriteFailedException>(() => budget.Take(1));
    }
}
