using System.Buffers.Binary;

namespace Hybrid.Sandbox.Kafka.Records;

/// <summary>Decompresses the LZ4 frame format (lz4/lz4, lz4_Frame_format.md), without dictionaries; checksums are not looked at.</summary>
/// <exception cref="InvalidDataException">The bytes are not of that format.</exception>
internal static class Lz4Decoder
{
    private const uint Magic = 0x184D2204;
    private const int FixedHeaderSize = 7;
    private const byte BlockChecksumFlag = 0x10;
    private const byte ContentSizeFlag = 0x08;
    private const uint StoredFlag = 0x80000000;

    public static ReadOnlySpan<byte> Decode(ReadOnlySpan<byte> source, int maxSize)
    {
        if (BinaryPrimitives.ReadUInt32LittleEndian(source) != Magic)
        {
            throw new InvalidDataException("an LZ4 frame without its magic number");
        }
        var flags = source[4];
        source = source[(FixedHeaderSize + ((flags & ContentSizeFlag) != 0 ? sizeof(long) : 0))..];
        var target = new byte[64 * 1024];
        var written = 0;
        while (BinaryPrimitives.ReadUInt32LittleEndian(source) is var head && head != 0)
        {
            var size = (int)(head & ~StoredFlag);
            var block = source.Slice(sizeof(uint), size);
            if ((head & StoredFlag) != 0)
            {
                Reserve(ref target, written, size, maxSize);
                block.CopyTo(target.AsSpan(written));
                written += size;
            }
            else
            {
                DecodeBlock(block, ref target, ref written, maxSize);
            }
            source = source[(sizeof(uint) + size + ((flags & BlockChecksumFlag) != 0 ? sizeof(uint) : 0))..];
        }
        return target.AsSpan(0, written);
    }

    private static void DecodeBlock(ReadOnlySpan<byte> block, ref byte[] target, ref int written, int maxSize)
    {
        while (!block.IsEmpty)
        {
            var token = block[0];
            block = block[1..];
            var literals = Length(token >> 4, ref block);
            Reserve(ref target, written, literals, maxSize);
            block[..literals].CopyTo(target.AsSpan(written));
            written += literals;
            block = block[literals..];
            if (block.IsEmpty)
            {
                return;
            }
            var distance = BinaryPrimitives.ReadUInt16LittleEndian(block);
            block = block[sizeof(ushort)..];
            var length = Length(token & 0x0f, ref block) + 4;
            Reserve(ref target, written, length, maxSize);
            BackReference.Copy(target, ref written, distance, length);
        }
    }

    private static int Length(int start, ref ReadOnlySpan<byte> block)
    {
        var length = start;
        if (start == 15)
        {
            byte more;
            do
            {
                more = block[0];
                block = block[1..];
                length += more;
            }
            while (more == byte.MaxValue);
        }
        return length;
    }

    private static void Reserve(ref byte[] target, int written, int size, int maxSize)
    {
        if (size > maxSize - written)
        {
            throw new InvalidDataException($"an LZ4 frame of more than {maxSize} bytes");
        }
        if (written + size > target.Length)
        {
            Array.Resize(ref target, Math.Clamp(target.Length * 2, written + size, maxSize));
        }
    }
}
