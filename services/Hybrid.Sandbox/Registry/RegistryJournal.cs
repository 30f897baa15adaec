using System.Buffers.Binary;
using System.Numerics;
using System.Text.Json;
using Microsoft.Win32.SafeHandles;

namespace Hybrid.Sandbox.Registry;

/// <summary>
/// An append-only file of changes, each a length and a CRC-32C (little-endian) before its JSON. A torn or damaged tail, which a
/// process killed in mid-write leaves, is cut off when the file is opened; it was never acknowledged.
/// </summary>
internal sealed class RegistryJournal : IDisposable
{
    private const int HeaderLength = 8;
    private const int LargestChange = 64 << 20;

    private readonly SafeFileHandle _file;
    private readonly JournalWrite _write;
    private long _end;

    private RegistryJournal(SafeFileHandle file, long end, JournalWrite write)
    {
        _file = file;
        _end = end;
        _write = write;
    }

    /// <summary>Writes bytes at an offset; <see cref="RandomAccess"/> does.</summary>
    public delegate void JournalWrite(SafeFileHandle file, ReadOnlySpan<byte> bytes, long offset);

    /// <summary>Opens or creates the journal and replays it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="replay">Gets every whole change in order.</param>
    /// <param name="write">How it is written; null for the usual way.</param>
    /// <returns>The journal and the number of bytes cut off.</returns>
    public static (RegistryJournal Journal, long CutOff) Open(string path, Action<RegistryChange> replay, JournalWrite? write = null)
    {
        var file = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
        try
        {
            var length = RandomAccess.GetLength(file);
            long end = 0;
            while (Read(file, end, length) is var (change, next))
            {
                replay(change);
                end = next;
            }

            if (end < length)
            {
                RandomAccess.SetLength(file, end);
            }

            return (new RegistryJournal(file, end, write ?? RandomAccess.Write), length - end);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Makes a change durable; on return it survives a power cut.</summary>
    /// <exception cref="IOException">It could not be written; the journal is as it was, and the next change takes its place.</exception>
    public void Append(RegistryChange change)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(change, RegistryJson.Default.RegistryChange);
        var frame = new byte[HeaderLength + json.Length];
        BinaryPrimitives.WriteInt32LittleEndian(frame, json.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(frame.AsSpan(4), Crc32C(json));
        json.CopyTo(frame, HeaderLength);
        try
        {
            // Unbuffered and at an explicit offset: a buffer would keep the refused bytes and write them later.
            _write(_file, frame, _end);
            RandomAccess.FlushToDisk(_file);
        }
        catch
        {
            RandomAccess.SetLength(_file, _end);
            throw;
        }

        _end += frame.Length;
    }

    public void Dispose() => _file.Dispose();

    private static (RegistryChange Change, long Next)? Read(SafeFileHandle file, long offset, long length)
    {
        Span<byte> header = stackalloc byte[HeaderLength];
        if (length - offset < HeaderLength || RandomAccess.Read(file, header, offset) < HeaderLength)
        {
            return null;
        }

        var size = BinaryPrimitives.ReadInt32LittleEndian(header);
        if (size is <= 0 or > LargestChange || size > length - offset - HeaderLength)
        {
            return null;
        }

        var json = new byte[size];
        if (RandomAccess.Read(file, json, offset + HeaderLength) < size
            || Crc32C(json) != BinaryPrimitives.ReadUInt32LittleEndian(header[4..]))
        {
            return null;
        }

        var change = JsonSerializer.Deserialize(json, RegistryJson.Default.RegistryChange);
        return change is null ? null : (change, offset + HeaderLength + size);
    }

    private static uint Crc32C(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var value in bytes)
        {
            crc = BitOperations.Crc32C(crc, value);
        }

        return ~crc;
    }
}
