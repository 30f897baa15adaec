using System.Buffers;
using System.Buffers.Binary;
using System.Text.Json;
using Hybrid.Sandbox.Kafka.Storage;
using Microsoft.Win32.SafeHandles;

namespace Hybrid.Sandbox.S3.Storage;

/// <summary>
/// An object on disk: body, then its description as JSON, then a footer of 16 bytes (length of the JSON, its CRC-32C, a magic
/// number; little-endian). Body and description share one file so that one rename makes both visible.
/// </summary>
internal static class ObjectFile
{
    private const ulong Magic = 0x31424F3353425948; // "HYBS3OB1"
    private const int FooterLength = 16;
    private const int LargestDescription = 1 << 20;

    /// <summary>Appends description and footer to a file that holds the body.</summary>
    public static void AppendDescription(Stream file, StoredObject entry)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(entry, StorageJson.Default.StoredObject);
        Span<byte> footer = stackalloc byte[FooterLength];
        BinaryPrimitives.WriteInt32LittleEndian(footer, json.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(footer[4..], Crc32C.Compute(json));
        BinaryPrimitives.WriteUInt64LittleEndian(footer[8..], Magic);
        file.Write(json);
        file.Write(footer);
    }

    /// <summary>Reads the description; null when the file is not a whole object.</summary>
    public static StoredObject? ReadDescription(SafeFileHandle file)
    {
        var length = RandomAccess.GetLength(file);
        Span<byte> footer = stackalloc byte[FooterLength];
        if (length < FooterLength
            || RandomAccess.Read(file, footer, length - FooterLength) != FooterLength
            || BinaryPrimitives.ReadUInt64LittleEndian(footer[8..]) != Magic)
        {
            return null;
        }

        var size = BinaryPrimitives.ReadInt32LittleEndian(footer);
        if (size is <= 0 or > LargestDescription || size > length - FooterLength)
        {
            return null;
        }

        var rented = ArrayPool<byte>.Shared.Rent(size);
        try
        {
            var json = rented.AsSpan(0, size);
            if (RandomAccess.Read(file, json, length - FooterLength - size) != size
                || Crc32C.Compute(json) != BinaryPrimitives.ReadUInt32LittleEndian(footer[4..]))
            {
                return null;
            }

            var entry = JsonSerializer.Deserialize(json, StorageJson.Default.StoredObject);
            return entry is not null && entry.Size == length - FooterLength - size ? entry : null;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }
}
