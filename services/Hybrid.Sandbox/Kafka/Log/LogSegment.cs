using System.Buffers;
using System.Net.Sockets;
using Hybrid.Sandbox.Faults;
using Hybrid.Sandbox.Kafka.Records;
using Microsoft.Win32.SafeHandles;

namespace Hybrid.Sandbox.Kafka.Log;

/// <summary>Called for each batch of a segment, in order.</summary>
internal delegate void BatchVisitor(RecordBatch batch);

/// <summary>Gives what is to be left of a batch, which lives until the next call; empty for nothing.</summary>
internal delegate ReadOnlySpan<byte> BatchRewriter(RecordBatch batch);

/// <summary>One file of a partition's log, named after its first offset. Its owner sees to it that one thread writes.</summary>
internal sealed class LogSegment : IDisposable
{
    private const string Extension = ".log";
    private const string RewrittenExtension = ".compacted";
    private const int ScanBufferSize = 1024 * 1024;

    private readonly SafeFileHandle _file;
    private readonly SparseIndex _index;
    private readonly FileStream _stream;
    private int _users = 1;
    private int _closed;

    /// <exception cref="IOException">The file cannot be opened or made.</exception>
    public LogSegment(string directory, long baseOffset, int indexIntervalBytes)
        : this(PathOf(directory, baseOffset, Extension), baseOffset, new SparseIndex(indexIntervalBytes))
    {
    }

    private LogSegment(string path, long baseOffset, SparseIndex index)
    {
        BaseOffset = baseOffset;
        NextOffset = baseOffset;
        Path = path;
        _index = index;
        // A file is sent to a socket only if it is asynchronous; reads and writes here are not, whatever it is.
        _file = File.OpenHandle(
            path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read | FileShare.Delete, FileOptions.Asynchronous);
        _stream = new FileStream(_file, FileAccess.Read, bufferSize: 0, isAsync: true);
    }

    public string Path { get; private set; }

    public long BaseOffset { get; }

    /// <summary>The offset after the last one in the segment.</summary>
    public long NextOffset { get; private set; }

    public int Size { get; private set; }

    /// <summary>The greatest timestamp in milliseconds since 1970; −1 when there is none.</summary>
    public long MaxTimestamp { get; private set; } = -1;

    /// <summary>The greatest timestamp of its first batch; −1 when there is none, or the segment is sealed and nobody will ask.</summary>
    public long FirstTimestamp { get; private set; } = -1;

    /// <summary>Whether it was closed, as when it is deleted: only who leased it before may still read it.</summary>
    public bool IsClosed => Volatile.Read(ref _closed) != 0;

    private string IndexPath => System.IO.Path.ChangeExtension(Path, ".index");

    public static string PathOf(string directory, long baseOffset, string extension) =>
        System.IO.Path.Combine(directory, baseOffset.ToString("D20") + extension);

    /// <summary>Deletes the copies that a compaction left behind when it was killed.</summary>
    public static void DeleteLeftovers(string directory)
    {
        foreach (var leftover in Directory.EnumerateFiles(directory, "*" + RewrittenExtension))
        {
            File.Delete(leftover);
        }
    }

    /// <summary>The base offsets of the segments in a directory, in order.</summary>
    public static long[] BaseOffsets(string directory) =>
        [.. Directory.EnumerateFiles(directory, "*" + Extension)
            .Select(path => long.TryParse(System.IO.Path.GetFileNameWithoutExtension(path), out var offset) ? offset : -1)
            .Where(offset => offset >= 0)
            .Order()];

    /// <summary>Writes a batch at the end.</summary>
    /// <exception cref="IOException">The disk did not take it; the segment is as before.</exception>
    public void Append(RecordBatch batch, ReadOnlySpan<byte> bytes, Disk disk, bool flush)
    {
        try
        {
            disk.Write(_file, bytes, Size);
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
        Note(batch, bytes.Length);
    }

    public int Read(Span<byte> target, int position) => RandomAccess.Read(_file, target, position);

    /// <summary>Keeps the file open, even when the segment is closed or deleted meanwhile, until <see cref="Release"/>.</summary>
    /// <returns>False if it is closed already.</returns>
    public bool TryLease()
    {
        for (var users = Volatile.Read(ref _users); users > 0;)
        {
            var before = Interlocked.CompareExchange(ref _users, users + 1, users);
            if (before == users)
            {
                return true;
            }
            users = before;
        }
        return false;
    }

    /// <summary>Ends a lease.</summary>
    public void Release()
    {
        if (Interlocked.Decrement(ref _users) == 0)
        {
            _stream.Dispose();
        }
    }

    /// <summary>A part of a leased segment, for a socket to send.</summary>
    public SendPacketsElement Part(int position, int length) => new(_stream, position, length);

    /// <summary>Where a batch begins, or the segment ends, at most so many bytes on and not past an offset, as far as the index knows.</summary>
    /// <param name="position">The position must not be passed.</param>
    /// <param name="limit">Batches from this offset on are not to be seen.</param>
    public (int Position, long Offset) BoundaryBefore(long position, long limit) =>
        Size <= position && NextOffset <= limit ? (Size, NextOffset) : _index.BoundaryBefore(position, limit);

    public int PositionBefore(long offset) => _index.PositionOf(offset);

    /// <summary>An offset that a read from a position, or a batch a little after it, does not reach.</summary>
    public long OffsetBeyond(int position, int bytes) => _index.OffsetBeyond(position, bytes) ?? NextOffset;

    public int PositionBeforeTime(long timestamp) => _index.PositionAt(timestamp);

    /// <summary>Keeps the index of a segment that will not be written any more.</summary>
    public void Seal() => _index.Save(IndexPath, Size, MaxTimestamp, NextOffset);

    /// <summary>Takes the index from its file instead of reading the segment; false if there is none that fits.</summary>
    public bool TryOpenSealed()
    {
        var size = RandomAccess.GetLength(_file);
        if (_index.TryLoad(IndexPath, size) is not { } known)
        {
            return false;
        }
        Size = (int)size;
        (MaxTimestamp, NextOffset) = known;
        return true;
    }

    /// <summary>Reads the whole segment, checks every batch and cuts off what follows the last intact one.</summary>
    /// <returns>The bytes that were cut off.</returns>
    public long Recover(BatchVisitor visit)
    {
        var fileSize = RandomAccess.GetLength(_file);
        ReadBatches(fileSize, batch =>
        {
            if (batch.BaseOffset < NextOffset)
            {
                return false;
            }
            visit(batch);
            Note(batch, batch.Size);
            return true;
        });
        if (fileSize > Size)
        {
            RandomAccess.SetLength(_file, Size);
        }
        return fileSize - Size;
    }

    /// <summary>Reads every batch of a segment that is not written any more.</summary>
    public void Scan(BatchVisitor visit) => ReadBatches(Size, batch =>
    {
        visit(batch);
        return true;
    });

    /// <summary>A copy beside this segment with what a filter leaves of each batch; null if it leaves all.</summary>
    /// <exception cref="IOException">The disk did not take the copy.</exception>
    public LogSegment? Rewrite(BatchRewriter rewrite, int indexIntervalBytes, Disk disk)
    {
        var path = System.IO.Path.ChangeExtension(Path, RewrittenExtension);
        var copy = new LogSegment(path, BaseOffset, new SparseIndex(indexIntervalBytes));
        try
        {
            RandomAccess.SetLength(copy._file, 0);
            Scan(batch =>
            {
                var kept = rewrite(batch);
                if (!kept.IsEmpty)
                {
                    copy.Append(batch, kept, disk, flush: false);
                }
            });
        }
        catch
        {
            copy.Discard();
            throw;
        }
        if (copy.Size == Size)
        {
            copy.Discard();
            return null;
        }
        return copy;
    }

    /// <summary>Puts this copy in the place of the segment that it was made from, which is closed.</summary>
    public void TakePlaceOf(LogSegment original)
    {
        File.Delete(original.IndexPath);
        File.Move(Path, original.Path, overwrite: true);
        Path = original.Path;
        Seal();
        original.Dispose();
    }

    /// <summary>Deletes a copy that is not wanted.</summary>
    public void Discard()
    {
        Dispose();
        File.Delete(Path);
    }

    public void Delete()
    {
        File.Delete(Path);
        File.Delete(IndexPath);
        Dispose();
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _closed, 1) == 0)
        {
            Release();
        }
    }

    /// <summary>Visits intact batches from the start of the file, until one is not or the visitor wants no more.</summary>
    private void ReadBatches(long fileSize, Func<RecordBatch, bool> visit)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(ScanBufferSize);
        try
        {
            for (var position = 0L; position < fileSize;)
            {
                var read = RandomAccess.Read(_file, buffer, position);
                var taken = 0;
                while (read - taken >= RecordBatch.HeaderSize && position + taken < fileSize)
                {
                    var batch = new RecordBatch(buffer.AsSpan(taken, read - taken));
                    if (!batch.IsIntact || !visit(batch))
                    {
                        break;
                    }
                    taken += batch.Size;
                }
                position += taken;
                if (taken > 0)
                {
                    continue;
                }
                var wanted = read >= RecordBatch.HeaderSize ? new RecordBatch(buffer.AsSpan(0, read)).Size : 0;
                if (wanted <= buffer.Length || wanted > fileSize - position)
                {
                    return;
                }
                ArrayPool<byte>.Shared.Return(buffer);
                buffer = ArrayPool<byte>.Shared.Rent(wanted);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private void Note(RecordBatch batch, int size)
    {
        _index.Add(batch.BaseOffset, Size, MaxTimestamp);
        FirstTimestamp = Size == 0 ? batch.MaxTimestamp : FirstTimestamp;
        Size += size;
        NextOffset = batch.LastOffset + 1;
        MaxTimestamp = Math.Max(MaxTimestamp, batch.MaxTimestamp);
    }
}
