using System.Buffers;
using Hybrid.Sandbox.Kafka.Records;
using Microsoft.Win32.SafeHandles;

namespace Hybrid.Sandbox.Kafka.Log;

/// <summary>Called for each batch of a segment, in order.</summary>
internal delegate void BatchVisitor(RecordBatch batch);

/// <summary>One file of a partition's log, named after its first offset. Its owner sees to it that one thread writes.</summary>
internal sealed class LogSegment : IDisposable
{
    private const string Extension = ".log";
    private const int ScanBufferSize = 1024 * 1024;

    private readonly SafeFileHandle _file;
    private readonly SparseIndex _index;

    /// <exception cref="IOException">The file cannot be opened or made.</exception>
    public LogSegment(string directory, long baseOffset, int indexIntervalBytes)
    {
        BaseOffset = baseOffset;
        NextOffset = baseOffset;
        Path = PathOf(directory, baseOffset, Extension);
        _index = new SparseIndex(indexIntervalBytes);
        _file = File.OpenHandle(Path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read | FileShare.Delete);
    }

    public string Path { get; }

    public long BaseOffset { get; }

    /// <summary>The offset after the last one in the segment.</summary>
    public long NextOffset { get; private set; }

    public int Size { get; private set; }

    /// <summary>The greatest timestamp in milliseconds since 1970; −1 when there is none.</summary>
    public long MaxTimestamp { get; private set; } = -1;

    private string IndexPath => System.IO.Path.ChangeExtension(Path, ".index");

    public static string PathOf(string directory, long baseOffset, string extension) =>
        System.IO.Path.Combine(directory, baseOffset.ToString("D20") + extension);

    /// <summary>The base offsets of the segments in a directory, in order.</summary>
    public static long[] BaseOffsets(string directory) =>
        [.. Directory.EnumerateFiles(directory, "*" + Extension)
            .Select(path => long.TryParse(System.IO.Path.GetFileNameWithoutExtension(path), out var offset) ? offset : -1)
            .Where(offset => offset >= 0)
            .Order()];

    /// <summary>Writes a batch at the end.</summary>
    /// <exception cref="IOException">The disk did not take it; the segment is as before.</exception>
    public void Append(RecordBatch batch, ReadOnlySpan<byte> bytes, bool flush)
    {
        try
        {
            RandomAccess.Write(_file, bytes, Size);
        }
        catch (IOException)
        {
            RandomAccess.SetLength(_file, Size);
            throw;
        }
        if (flush)
        {
            RandomAccess.FlushToDisk(_file);
        }
        Note(batch);
    }

    public int Read(Span<byte> target, int position) => RandomAccess.Read(_file, target, position);

    public int PositionBefore(long offset) => _index.PositionOf(offset);

    /// <summary>An offset at or behind every batch that begins before a position.</summary>
    public long OffsetBehind(long position) => _index.OffsetFrom(position) ?? NextOffset;

    public int PositionBeforeTime(long timestamp) => _index.PositionAt(timestamp);

    /// <summary>Keeps the index of a segment that will not be written any more.</summary>
    public void Seal() => _index.Save(IndexPath, Size, MaxTimestamp);

    /// <summary>Takes the index from its file instead of reading the segment; false if there is none that fits.</summary>
    public bool TryOpenSealed(long nextOffset)
    {
        var size = RandomAccess.GetLength(_file);
        if (_index.TryLoad(IndexPath, size) is not { } maxTimestamp)
        {
            return false;
        }
        Size = (int)size;
        NextOffset = nextOffset;
        MaxTimestamp = maxTimestamp;
        return true;
    }

    /// <summary>Reads the whole segment, checks every batch and cuts off what follows the last intact one.</summary>
    /// <returns>The bytes that were cut off.</returns>
    public long Recover(BatchVisitor visit)
    {
        var fileSize = RandomAccess.GetLength(_file);
        var buffer = ArrayPool<byte>.Shared.Rent(ScanBufferSize);
        try
        {
            while (true)
            {
                var read = RandomAccess.Read(_file, buffer, Size);
                var taken = 0;
                while (read - taken >= RecordBatch.HeaderSize)
                {
                    var batch = new RecordBatch(buffer.AsSpan(taken, read - taken));
                    if (!batch.IsIntact || batch.BaseOffset < NextOffset)
                    {
                        break;
                    }
                    visit(batch);
                    taken += batch.Size;
                    Note(batch);
                }
                if (taken > 0)
                {
                    continue;
                }
                var wanted = read >= RecordBatch.HeaderSize ? new RecordBatch(buffer.AsSpan(0, read)).Size : 0;
                if (wanted <= buffer.Length || wanted > fileSize - Size)
                {
                    break;
                }
                ArrayPool<byte>.Shared.Return(buffer);
                buffer = ArrayPool<byte>.Shared.Rent(wanted);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
        if (fileSize > Size)
        {
            RandomAccess.SetLength(_file, Size);
        }
        return fileSize - Size;
    }

    public void Delete()
    {
        File.Delete(Path);
        File.Delete(IndexPath);
        Dispose();
    }

    public void Dispose() => _file.Dispose();

    private void Note(RecordBatch batch)
    {
        _index.Add(batch.BaseOffset, Size, MaxTimestamp);
        Size += batch.Size;
        NextOffset = batch.LastOffset + 1;
        MaxTimestamp = Math.Max(MaxTimestamp, batch.MaxTimestamp);
    }
}
