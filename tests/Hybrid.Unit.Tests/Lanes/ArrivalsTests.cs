using Confluent.Kafka;
using Hybrid.Contracts.Records;
using Hybrid.Lanes.Streaming;
using Hybrid.Pipeline.Lanes;

namespace Hybrid.Unit.Tests.Lanes;

public sealed class ArrivalsTests : IDisposable
{
    private readonly Arrivals _arrivals = new(mostItems: 3, []);

    public void Dispose() => _arrivals.Dispose();

    [Fact]
    public async Task WhatArrived_IsTakenInItsOrder_InBatchesOfTheBoundAtMost()
    {
        for (var offset = 0; offset < 7; offset++)
        {
            _arrivals.Add(Record(offset));
        }

        _arrivals.End();
        Assert.Equal("0, 1, 2", await NextAsync());
        Assert.Equal("3, 4, 5", await NextAsync());
        Assert.Equal("6", await NextAsync());
        Assert.Null(await NextAsync());
    }

    [Fact]
    public async Task FirstArrival_IsTakenWithoutWaitingForMore()
    {
        var next = NextAsync();
        Assert.False(next.IsCompleted);
        _arrivals.Add(Record(0));
        Assert.Equal("0", await next);
        var later = NextAsync();
        Assert.False(later.IsCompleted);
        _arrivals.Add(Record(1));
        Assert.Equal("1", await later);
    }

    [Fact]
    public async Task End_WakesWhoeverWaits()
    {
        var next = NextAsync();
        _arrivals.End();
        Assert.Null(await next);
    }

    [Fact]
    public async Task GivingUp_LeavesWhatArrivesLaterForTheNextOne()
    {
        using var stop = new CancellationTokenSource();
        var next = _arrivals.NextAsync(stop.Token).AsTask();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next);
        _arrivals.Add(Record(0));
        Assert.Equal("0", await NextAsync());
    }

    private async Task<string?> NextAsync() =>
        await _arrivals.NextAsync(default) is { } batch ? string.Join(", ", batch.Records.Select(record => record.Offset)) : null;

    private static LaneRecord Record(long offset) => new(
        0,
        offset,
        new Message<byte[], byte[]>(),
        new CatalogDelta { DocumentId = $"d{offset}", Kind = DeltaKind.Upsert, Version = 1, EventTimeMilliseconds = 0, Partition = "p" },
        null);
}
