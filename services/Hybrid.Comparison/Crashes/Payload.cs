using System.Buffers.Binary;

namespace Hybrid.Comparison.Crashes;

/// <summary>Bytes that follow from a number, so that what was written need not be kept to be compared with what is read.</summary>
internal static class Payload
{
    private const ulong Step = 0x9E3779B97F4A7C15;

    /// <summary>The bytes of a number.</summary>
    public static byte[] Of(long number, int length)
    {
        var bytes = new byte[length];
        Fill(bytes, number);
        return bytes;
    }

    /// <summary>Writes the bytes of a number.</summary>
    public static void Fill(Span<byte> target, long number)
    {
        var state = Mix((ulong)number);
        for (; target.Length >= sizeof(ulong); target = target[sizeof(ulong)..])
        {
            BinaryPrimitives.WriteUInt64LittleEndian(target, Mix(state += Step));
        }

        Span<byte> last = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(last, Mix(state + Step));
        last[..target.Length].CopyTo(target);
    }

    /// <summary>Whether bytes are those of a number.</summary>
    public static bool Matches(ReadOnlySpan<byte> bytes, long number)
    {
        var state = Mix((ulong)number);
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
        {
            if (BinaryPrimitives.ReadUInt64LittleEndian(bytes) != Mix(state += Step))
            {
                return false;
            }
        }

        Span<byte> last = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(last, Mix(state + Step));
        return last[..bytes.Length].SequenceEqual(bytes);
    }

    /// <summary>Spreads a number over all 64 bits; neighbours end far apart.</summary>
    public static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}
