using System.Buffers.Binary;

namespace Hybrid.Sandbox.S3.Payload;

/// <summary>A reflected cyclic redundancy check of 32 or 64 bits, eight bytes a step.</summary>
internal sealed class Crc
{
    private readonly ulong[] _tables;
    private readonly ulong _mask;

    private Crc(ulong reflectedPolynomial, int bits)
    {
        Bytes = bits / 8;
        _mask = bits == 64 ? ulong.MaxValue : (1UL << bits) - 1;
        _tables = new ulong[8 * 256];
        for (var value = 0; value < 256; value++)
        {
            var crc = (ulong)value;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) != 0 ? (crc >> 1) ^ reflectedPolynomial : crc >> 1;
            }

            _tables[value] = crc;
        }

        for (var index = 256; index < _tables.Length; index++)
        {
            var previous = _tables[index - 256];
            _tables[index] = (previous >> 8) ^ _tables[previous & 0xFF];
        }
    }

    /// <summary>CRC-32 of ISO 3309, as zlib's.</summary>
    public static Crc Crc32 { get; } = new(0xEDB88320, 32);

    /// <summary>CRC-32C (Castagnoli).</summary>
    public static Crc Crc32C { get; } = new(0x82F63B78, 32);

    /// <summary>CRC-64/NVME.</summary>
    public static Crc Crc64Nvme { get; } = new(0x9A6C9329AC4BC9B5, 64);

    /// <summary>Length of the result: 4 or 8.</summary>
    public int Bytes { get; }

    /// <summary>The value that a running check begins with.</summary>
    public ulong Initial => _mask;

    public ulong Append(ulong running, ReadOnlySpan<byte> bytes)
    {
        var tables = _tables;
        var crc = running;
        while (bytes.Length >= 8)
        {
            var word = BinaryPrimitives.ReadUInt64LittleEndian(bytes) ^ crc;
            crc = tables[(7 * 256) + (int)(word & 0xFF)]
                ^ tables[(6 * 256) + (int)((word >> 8) & 0xFF)]
                ^ tables[(5 * 256) + (int)((word >> 16) & 0xFF)]
                ^ tables[(4 * 256) + (int)((word >> 24) & 0xFF)]
                ^ tables[(3 * 256) + (int)((word >> 32) & 0xFF)]
                ^ tables[(2 * 256) + (int)((word >> 40) & 0xFF)]
                ^ tables[256 + (int)((word >> 48) & 0xFF)]
                ^ tables[(int)(word >> 56)];
            bytes = bytes[8..];
        }

        foreach (var value in bytes)
        {
            crc = (crc >> 8) ^ tables[(int)((crc ^ value) & 0xFF)];
        }

        return crc;
    }

    /// <summary>The finished check, big-endian, as S3 sends it in base64.</summary>
    public byte[] Finish(ulong running)
    {
        var buffer = new byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(buffer, running ^ _mask);
        return buffer[(8 - Bytes)..];
    }
}
