using System.Buffers.Binary;
using System.Numerics;

namespace Hybrid.Sandbox.Solr.Log;

/// <summary>
/// The records of the log files. Each is its payload's length and CRC-32C, four bytes each, little-endian, then the payload:
/// a <see cref="FrameKind"/> and what belongs to it.
/// </summary>
internal static class Frames
{
    public const int HeaderSize = 8;

    /// <summary>The largest payload; a length above it is damage.</summary>
    public const int MaxPayload = 512 << 20;

    public static uint Crc32C(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        while (bytes.Length >= sizeof(ulong))
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[sizeof(ulong)..];
        }

        foreach (var value in bytes)
        {
            crc = BitOperations.Crc32C(crc, value);
        }

        return ~crc;
    }

    public static void WriteHeader(Span<byte> header, ReadOnlySpan<byte> payload)
    {
        BinaryPrimitives.WriteInt32LittleEndian(header, payload.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(header[4..], Crc32C(payload));
    }
}

/// <summary>What a frame holds.</summary>
internal enum FrameKind : byte
{
    /// <summary>The first of every file: the schema that the bodies were written by, as text.</summary>
    Schema = 1,

    /// <summary>A document: its id's length as a varint, the id, the body.</summary>
    Put = 2,

    /// <summary>A deletion: its <c>_version_</c>, then the id.</summary>
    Delete = 3,

    /// <summary>All documents are deleted.</summary>
    Clear = 4,

    /// <summary>The last of a complete snapshot.</summary>
    End = 5,
}
