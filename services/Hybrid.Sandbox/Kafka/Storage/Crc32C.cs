using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Hybrid.Sandbox.Kafka.Storage;

/// <summary>CRC-32C (Castagnoli, RFC 3720), by the processor's own instruction where it has one.</summary>
internal static class Crc32C
{
    public static uint Compute(ReadOnlySpan<byte> data)
    {
        var crc = uint.MaxValue;
        var words = MemoryMarshal.Cast<byte, ulong>(data);
        foreach (var word in words)
        {
            crc = BitOperations.Crc32C(crc, BitConverter.IsLittleEndian ? word : BinaryPrimitives.ReverseEndianness(word));
        }
        foreach (var value in data[(words.Length * sizeof(ulong))..])
        {
            crc = BitOperations.Crc32C(crc, value);
        }
        return ~crc;
    }
}
