using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Hybrid.Sandbox.Kafka.Storage;

namespace Hybrid.Sandbox.Kafka.Log;

/// <summary>
/// Where some of a segment's batches begin, one every few kilobytes, by offset and by time. It can be made anew from the
/// segment at any time; the file spares that for segments that are no longer written.
/// </summary>
internal sealed class SparseIndex(int intervalBytes)
{
    private const int EntrySize = 20;
    private const int FileHeaderSize = 24;

    private readonly List<Entry> _entries = [];

    /// <param name="Offset">The first offset of the batch at <paramref name="Position"/>.</param>
    /// <param name="Position">Bytes from the start of the segment.</param>
    /// <param name="EarlierMaxTimestamp">The greatest timestamp before <paramref name="Position"/>; it never falls.</param>
    private readonly record struct Entry(long Offset, int Position, long EarlierMaxTimestamp);

    /// <summary>Takes note of a batch that was added to the segment, if enough bytes went by since the last entry.</summary>
    public void Add(long offset, int position, long earlierMaxTimestamp)
    {
        if (position > 0 && position - (_entries.Count == 0 ? 0 : _entries[^1].Position) >= intervalBytes)
        {
            _entries.Add(new Entry(offset, position, earlierMaxTimestamp));
        }
    }

    /// <summary>A position at or before the batch that holds an offset.</summary>
    public int PositionOf(long offset)
    {
        var found = LastWhere(entry => entry.Offset <= offset);
        return found < 0 ? 0 : _entries[found].Position;
    }

    /// <summary>A position at or before the first batch with a record as late as a timestamp.</summary>
    public int PositionAt(long timestamp)
    {
        var found = LastWhere(entry => entry.EarlierMaxTimestamp < timestamp);
        return found < 0 ? 0 : _entries[found].Position;
    }

    /// <summary>
    /// An offset that no read reaches which begins at <paramref name="position"/>, or between it and the next entry, and takes
    /// whole batches up to a number of bytes, but one at least; null if the index does not know one.
    /// </summary>
    public long? OffsetBeyond(int position, int bytes)
    {
        var next = LastWhere(entry => entry.Position <= position) + 1;
        if (next == _entries.Count)
        {
            return null;
        }
        var end = (long)_entries[next].Position + bytes;
        var beyond = LastWhere(entry => entry.Position < end) + 1;
        return beyond < _entries.Count ? _entries[beyond].Offset : null;
    }

    /// <summary>The last batch known that begins at or before a position and whose offset does not pass a limit; the start if none is.</summary>
    public (int Position, long Offset) BoundaryBefore(long position, long limit)
    {
        var found = LastWhere(entry => entry.Position <= position && entry.Offset <= limit);
        return found < 0 ? (0, 0) : (_entries[found].Position, _entries[found].Offset);
    }

    /// <summary>Writes the index of a full segment beside it.</summary>
    public void Save(string path, int segmentSize, long maxTimestamp, long nextOffset)
    {
        var bytes = new byte[FileHeaderSize + _entries.Count * EntrySize];
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4), segmentSize);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(8), maxTimestamp);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(16), nextOffset);
        var rest = bytes.AsSpan(FileHeaderSize);
        foreach (var entry in CollectionsMarshal.AsSpan(_entries))
        {
            BinaryPrimitives.WriteInt64LittleEndian(rest, entry.Offset);
            BinaryPrimitives.WriteInt32LittleEndian(rest[8..], entry.Position);
            BinaryPrimitives.WriteInt64LittleEndian(rest[12..], entry.EarlierMaxTimestamp);
            rest = rest[EntrySize..];
        }
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, Crc32C.Compute(bytes.AsSpan(4)));
        File.WriteAllBytes(path, bytes);
    }

    /// <summary>The segment's greatest timestamp and next offset if the file is there, whole and of this segment; null otherwise.</summary>
    public (long MaxTimestamp, long NextOffset)? TryLoad(string path, long segmentSize)
    {
        if (!File.Exists(path))
        {
            return null;
        }
        var bytes = File.ReadAllBytes(path);
        if (bytes.Length < FileHeaderSize
            || Crc32C.Compute(bytes.AsSpan(4)) != BinaryPrimitives.ReadUInt32LittleEndian(bytes)
            || BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(4)) != segmentSize)
        {
            return null;
        }
        for (var rest = bytes.AsSpan(FileHeaderSize); rest.Length >= EntrySize; rest = rest[EntrySize..])
        {
            _entries.Add(new Entry(
                BinaryPrimitives.ReadInt64LittleEndian(rest),
                BinaryPrimitives.ReadInt32LittleEndian(rest[8..]),
                BinaryPrimitives.ReadInt64LittleEndian(rest[12..])));
        }
        return (BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(8)), BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(16)));
    }

    private int LastWhere(Func<Entry, bool> holds)
    {
        int low = 0, high = _entries.Count;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (holds(_entries[middle]))
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }
        return low - 1;
    }
}
