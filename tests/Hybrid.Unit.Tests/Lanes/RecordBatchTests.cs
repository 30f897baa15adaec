using Confluent.Kafka;
using FsCheck;
using FsCheck.Fluent;
using Hybrid.Pipeline.Avro;
using Hybrid.Pipeline.Lanes;
using Hybrid.Pipeline.Windows;
using Hybrid.Unit.Tests.Solr;
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

        Assert.Equal([("a", 3), ("b", 7)], _batch.Newest(0, 10).Select(delta => (delta.ToDelta().DocumentId, (int)delta.ToDelta().Version)));
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

        Assert.Equal(["d3", "d4"], _batch.Newest(3, 3).Select(delta => delta.ToDelta().DocumentId));
        Assert.Equal([3, 99], _batch.Closed(3, 3).ToArray());
    }

    [Fact]
    public void Compact_OfAnyRecords_KeepsOfEachDocumentTheFirstOfItsGreatestVersion()
    {
        Prop.ForAll(ArbMap.Default.ArbFor<(byte Document, byte Version)[]>(), drawn =>
        {
            _batch.Clear();
            foreach (var (at, (document, version)) in drawn.Index())
            {
                _batch.Add(Record($"d{document % 40}", version % 4, closed: at));
            }

            _batch.Compact();
            var expected = drawn.Index()
                .GroupBy(one => $"d{one.Item.Document % 40}")
                .Select(one => (one.Key, one.MaxBy(record => record.Item.Version % 4)))
                .Select(one => (one.Key, (long)(one.Item2.Item.Version % 4), (long?)one.Item2.Index));
            return _batch.Newest(0, int.MaxValue).Select(delta => delta.ToDelta())
                .Zip(_batch.Closed(0, int.MaxValue).ToArray(), (delta, closed) => (delta.DocumentId, delta.Version, closed))
                .SequenceEqual(expected);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Records_AreCopies_WithTheDeltaInTheirValueOrBesideIt()
    {
        var delta = Deltas.Upsert("a", 7);
        byte[] value = [9, 9, .. EncodedDelta.Of(delta).Body.Span];
        var message = new Message<byte[], byte[]> { Key = [1, 2], Value = value, Headers = [] };
        byte[] original = [.. value];
        _batch.Add(new LaneRecord(3, 4, message, new EncodedDelta(value.AsMemory(2)), 5) { Taken = 6, Holding = 7 });
        _batch.Add(new LaneRecord(0, 1, new Message<byte[], byte[]> { Value = [8] }, delta, null));
        _batch.Add(new LaneRecord(0, 2, new Message<byte[], byte[]> { Key = [] }, delta, null));
        value.AsSpan().Clear();
        message.Key.AsSpan().Clear();

        var (inside, beside, none) = (_batch.Records[0], _batch.Records[1], _batch.Records[2]);
        Assert.Equal([1, 2], inside.Message.Key);
        Assert.Equal(original, inside.Message.Value);
        Assert.Same(message.Headers, inside.Message.Headers);
        Assert.Equal((3, 4, 5, 6, 7), (inside.Partition, (int)inside.Offset, (int)inside.ClosedMilliseconds!, (int)inside.Taken, inside.Holding));
        Assert.Null(beside.Message.Key);
        Assert.Equal([8], beside.Message.Value);
        Assert.Empty(none.Message.Key);
        Assert.Null(none.Message.Value);
        Assert.All(_batch.Records, record => Assert.Equal(("a", 7), (record.Delta.DocumentId, (int)record.Version)));
    }

    [Fact]
    public void RecordsOfAnySize_KeepTheirBytes_AlsoInABatchThatIsUsedAgain()
    {
        foreach (var sizes in (int[][])[[10, 100_000, 70_000, 3], [200_000, 65_536, 1], [40_000, 40_000, 40_000]])
        {
            foreach (var (at, size) in sizes.Index())
            {
                var value = new byte[size];
                Array.Fill(value, (byte)(at + 1));
                _batch.Add(new LaneRecord(0, at, new Message<byte[], byte[]> { Value = value }, Deltas.Upsert($"d{at}"), null));
            }

            Assert.Equal(sizes, _batch.Records.Select(record => record.Bytes));
            Assert.All(_batch.Records, record => Assert.Equal(-1, record.Message.Value.AsSpan().IndexOfAnyExcept((byte)(record.Offset + 1))));
            Assert.All(_batch.Records, record => Assert.Equal($"d{record.Offset}", record.Delta.DocumentId));
            _batch.Clear();
        }
    }

    [Fact]
    public void BatchThatIsUsedAgain_AllocatesNothingForAsManyRecords()
    {
        LaneRecord[] records = [.. Enumerable.Range(0, 1_000).Select(at => Record($"d{at % 700}", at, offset: at))];
        long Fill()
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            foreach (ref readonly var record in records.AsSpan())
            {
                _batch.Add(record);
            }

            _batch.Compact();
            _batch.Clear();
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Assert.True(Fill() > 0);
        Assert.Equal(0, Fill());
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

        Assert.Equal(1, Assert.Single(_batch.Newest(0, 10)).ToDelta().Version);
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
