using Hybrid.Pipeline.Lanes;
using Hybrid.Pipeline.Windows;
using static Hybrid.Unit.Tests.Lanes.LaneRecords;

namespace Hybrid.Unit.Tests.Lanes;

public sealed class RecordBatchTests
{
    private readonly RecordBatch _batch = new();

    [Fact]
    public void Compact_KeepsTheGreatestVersionOfEachDocument_WhateverTheOrder()
    {
        _batch.Add(Record("a", 2));
        _batch.Add(Record("b", 7));
        _batch.Add(Record("a", 3));
        _batch.Add(Record("a", 1));
        _batch.Add(Record("b", 7));
        _batch.Compact();

        Assert.Equal([("a", 3), ("b", 7)], _batch.Newest(0, 10).Select(delta => (delta.DocumentId, (int)delta.Version)));
        Assert.Equal(5, _batch.Count);
        Assert.Equal(500, _batch.Bytes);
    }

    [Fact]
    public void Newest_GivesSlices_AndTheTimesOfTheSameRecords()
    {
        for (var i = 0; i < 5; i++)
        {
            _batch.Add(Record($"d{i}", closed: i));
        }

        _batch.Add(Record("d4", 9, closed: 99));
        _batch.Compact();

        Assert.Equal(["d3", "d4"], _batch.Newest(3, 3).Select(delta => delta.DocumentId));
        Assert.Equal([3, 99], _batch.Closed(3, 3).ToArray());
    }

    [Fact]
    public void Versions_AreTheNewestFirst_EachOnce()
    {
        _batch.Add(Record("a", 2, offset: 0));
        _batch.Add(Record("b", 9, offset: 1));
        _batch.Add(Record("a", 5, offset: 2));
        _batch.Add(Record("a", 5, offset: 3));

        Assert.Equal([2, 0], _batch.Versions("a").Select(record => (int)record.Offset));
    }

    [Fact]
    public void Cleared_IsLikeNew()
    {
        _batch.Add(Record("a", 5));
        _batch.Compact();
        _batch.Clear();
        _batch.Add(Record("a", 1));
        _batch.Compact();

        Assert.Equal(1, Assert.Single(_batch.Newest(0, 10)).Version);
        Assert.Equal(100, _batch.Bytes);
    }

    [Fact]
    public void BatchId_IsItsRangesByPartition_WhateverTheOrder()
    {
        (int, long)[] places = [(3, 5), (0, 42), (0, 17)];

        Assert.Equal("0:17-42,3:5-5", BatchId.Of(places));
        Assert.Equal("0:17-42,3:5-5", BatchId.Of(places.Reverse()));
    }

    [Fact]
    public void States_AreTheNewestOfEachDocument_AndCountBesideTheRecords()
    {
        var cause = new SignalsCause(1, 7, 3, 1, 0);
        _batch.Add(Record("a", 5, partition: 0, offset: 3));
        foreach (var (id, version) in ((string, long)[])[("a", 1), ("b", 4), ("a", 2)])
        {
            _batch.Add(new SignalsUpdate(new DocumentSignals { DocumentId = id, Version = version }, cause));
        }

        _batch.Compact();

        Assert.Equal([("a", 2), ("b", 4)], _batch.States.Select(state => (state.DocumentId, (int)state.Version)));
        Assert.Equal(1, _batch.Documents);
        Assert.Equal(4, _batch.Items);
        Assert.Equal("0:3-3,1:7-7", BatchId.Of(_batch.Places));
        Assert.Equal([false, false, true], _batch.Updates.Select(update => update.Cause.Complete()));
        _batch.Clear();
        Assert.Equal((0, 0, 0), (_batch.Items, _batch.States.Count, _batch.Updates.Count));
    }

    [Fact]
    public void Bulks_AreBoundedInDocumentsAndBytes_AndALargeRecordGoesAlone()
    {
        var batch = new RecordBatch();
        foreach (var (id, bytes) in new[] { ("a", 10), ("b", 10), ("c", 100), ("d", 1), ("e", 1), ("f", 1), ("g", 1) })
        {
            batch.Add(LaneRecords.Record(id, bytes: bytes));
        }

        batch.Compact();

        Assert.Equal([(0, 2), (2, 1), (3, 3), (6, 1)], batch.Bulks(3, 25));
        Assert.Equal([(0, 7)], batch.Bulks(500, long.MaxValue));
        Assert.Empty(batch.StateBulks(3, 25));
    }
}
