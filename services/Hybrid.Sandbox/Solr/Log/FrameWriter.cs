using Hybrid.Sandbox.Faults;
using Hybrid.Sandbox.Solr.Schema;
using Microsoft.Win32.SafeHandles;

namespace Hybrid.Sandbox.Solr.Log;

/// <summary>Appends frames to a file: gathered in memory, then written in one go. Not safe for concurrent use.</summary>
internal sealed class FrameWriter : IDisposable
{
    private const int InitialBytes = 256 * 1024;

    private readonly ByteBuffer _buffer = new(InitialBytes);
    private readonly SafeFileHandle _file;
    private readonly Disk _disk;

    public FrameWriter(string path, long length, Disk disk)
    {
        _disk = disk;
        Path = path;
        Length = length;
        _file = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
        RandomAccess.SetLength(_file, length);
    }

    public string Path { get; }

    /// <summary>The file's length, what is only gathered not counted.</summary>
    public long Length { get; private set; }

    public int Gathered => _buffer.Length;

    public void Schema(ReadOnlySpan<byte> schema)
    {
        var start = Begin(FrameKind.Schema);
        _buffer.Write(schema);
        End(start);
    }

    public void Put(ReadOnlySpan<byte> id, ReadOnlySpan<byte> body)
    {
        var start = Begin(FrameKind.Put);
        _buffer.WriteVarint((uint)id.Length);
        _buffer.Write(id);
        _buffer.Write(body);
        End(start);
    }

    public void Delete(ReadOnlySpan<byte> id, long version)
    {
        var start = Begin(FrameKind.Delete);
        _buffer.Write(version);
        _buffer.Write(id);
        End(start);
    }

    public void Mark(FrameKind kind) => End(Begin(kind));

    /// <summary>Hands what was gathered to the operating system; afterwards it survives the end of this process.</summary>
    /// <exception cref="IOException">It could not be written; the file is as it was and what was gathered is forgotten.</exception>
    public void Flush()
    {
        if (_buffer.Length == 0)
        {
            return;
        }

        try
        {
            _disk.Write(_file, _buffer.Written, Length);
            Length += _buffer.Length;
        }
        catch
        {
            RandomAccess.SetLength(_file, Length);
            throw;
        }
        finally
        {
            _buffer.Truncate(0);
        }
    }

    /// <summary>Hands the file to the disk; afterwards it survives a power cut. May run beside the other members; does nothing once closed.</summary>
    public void Sync()
    {
        try
        {
            RandomAccess.FlushToDisk(_file);
        }
        catch (ObjectDisposedException)
        {
            // A writer is synced before it is closed.
        }
    }

    public void Dispose()
    {
        _file.Dispose();
        _buffer.Dispose();
    }

    private int Begin(FrameKind kind)
    {
        var start = _buffer.Length;
        _buffer.Write(0L);
        _buffer.Write((byte)kind);
        return start;
    }

    private void End(int start)
    {
        var payload = start + Frames.HeaderSize;
        Frames.WriteHeader(_buffer.Mutable(start, Frames.HeaderSize), _buffer.Slice(payload, _buffer.Length - payload));
    }
}
