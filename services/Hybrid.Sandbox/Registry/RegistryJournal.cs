using System.Buffers.Binary;
using System.Numerics;
using System.Text.Json;

namespace Hybrid.Sandbox.Registry;

/// <summary>
/// An append-only file of changes, each a length and a CRC-32C (little-endian) before its JSON. A torn or damaged tail, which a
/// process killed in mid-write leaves, is cut off when the file is opened; it was never acknowledged.
/// </summary>
internal sealed class RegistryJournal : IDisposable
{
    private const int HeaderLength = 8;
    private const int LargestChange = 64 << 20;

    private readonly FileStream _file;

    private RegistryJournal(FileStream file) => _file = file;

    /// <summary>Opens or creates the journal and replays it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="replay">Gets every whole change in order.</param>
    /// <returns>The journal and the number of bytes cut off.</returns>
    public static (RegistryJournal Journal, long CutOff) Open(string path, Action<RegistryChange> replay)
    {
        var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
        try
        {
            long whole = 0;
            while (Read(file) is { } change)
            {
                replay(change);
                whole = file.Position;
            }

            var cutOff = file.Length - whole;
            file.SetLength(whole);
            file.Position = whole;
            return (new RegistryJournal(file), cutOff);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Makes a change durable; on return it survives a power cut.</summary>
    /// <exception cref="IOException">It could not be written; the journal is as it was.</exception>
    public void Append(RegistryChange change)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(change, RegistryJson.Default.RegistryChange);
        var frame = new byte[HeaderLength + json.Length];
        BinaryPrimitives.WriteInt32LittleEndian(frame, json.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(frame.AsSpan(4), Crc32C(json));
        json.CopyTo(frame, HeaderLength);

        var start = _file.Position;
        try
        {
            _file.Write(frame);
            _file.Flush(flushToDisk: true);
        }
        catch (IOException)
        {
            _file.SetLength(start);
            _file.Position = start;
            throw;
        }
    }

    public void Dispose() => _file.Dispose();

    private static RegistryChange? Read(FileStream file)
    {
        Span<byte> header = stackalloc byte[HeaderLength];
        if (file.ReadAtLeast(header, HeaderLength, throwOnEndOfStream: false) < HeaderLength)
        {
            return null;
        }

        var length = BinaryPrimitives.ReadInt32LittleEndian(header);
        if (length is <= 0 or > LargestChange || length > file.Length - file.Position)
        {
            return null;
        }

        var json = new byte[length];
        file.ReadExactly(json);
        return Crc32C(json) == BinaryPrimitives.ReadUInt32LittleEndian(header[4..])
            ? JsonSerializer.Deserialize(json, RegistryJson.Default.RegistryChange)
            : null;
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
