using System.Buffers;
using System.Runtime.InteropServices;
using Hybrid.Sandbox.Kafka.Records;

namespace Hybrid.Sandbox.Kafka.Log;

/// <summary>Decides what of a batch outlives compaction.</summary>
/// <param name="map">The last offset of every key.</param>
/// <param name="aborted">The aborted transactions, whose records go whatever their keys.</param>
/// <param name="tombstonesBefore">Tombstones with an earlier timestamp (milliseconds since 1970) go too.</param>
/// <param name="lastOffset">The batch that holds this offset keeps at least its last record, so that readers come past the end of the stretch.</param>
internal sealed class BatchFilter(CompactionMap map, AbortedRanges aborted, long tombstonesBefore, long lastOffset)
{
    private readonly HashSet<long> _withRecords = [];
    private readonly ArrayBufferWriter<byte> _kept = new();

    /// <summary>What is left of a batch: its own bytes, others, or none. Batches come in the order of the log.</summary>
    public ReadOnlySpan<byte> Filter(RecordBatch batch)
    {
        if (batch.IsControl)
        {
            return FilterMarker(batch);
        }
        var kept = FilterRecords(batch);
        if (batch.IsTransactional && !kept.IsEmpty)
        {
            _withRecords.Add(batch.ProducerId);
        }
        return kept;
    }

    /// <summary>
    /// A commit marker goes once its transaction has no record left. An abort marker stays, since readers are told of the
    /// aborted transaction by the index and look for where it ends.
    /// </summary>
    private ReadOnlySpan<byte> FilterMarker(RecordBatch batch)
    {
        var needed = _withRecords.Remove(batch.ProducerId);
        return needed || !ControlBatch.IsCommit(batch.Records) || batch.LastOffset >= lastOffset ? batch.Bytes : default;
    }

    private ReadOnlySpan<byte> FilterRecords(RecordBatch batch)
    {
        var holdsEnd = batch.LastOffset >= lastOffset;
        if (aborted.Cover(batch))
        {
            return holdsEnd ? batch.Bytes : default;
        }
        if (!Decompressor.TryDecompress(batch, out var records))
        {
            return batch.Bytes;
        }
        _kept.ResetWrittenCount();
        _kept.Write(batch.Bytes[..RecordBatch.HeaderSize]);
        var count = 0;
        var reader = new RecordReader(batch, records);
        for (var number = 1; reader.Next(); number++)
        {
            var isEnd = holdsEnd && number == batch.RecordCount;
            var outdated = reader.HasKey && map.IsSuperseded(reader.Key, reader.Offset);
            var expired = !reader.HasValue && reader.Timestamp < tombstonesBefore;
            if (isEnd || (!outdated && !expired))
            {
                _kept.Write(reader.Raw);
                count++;
            }
        }
        if (count == batch.RecordCount)
        {
            return batch.Bytes;
        }
        if (count == 0)
        {
            return default;
        }
        var bytes = MemoryMarshal.AsMemory(_kept.WrittenMemory).Span;
        new RecordBatch(bytes).Resize(bytes.Length, count);
        return bytes;
    }
}
