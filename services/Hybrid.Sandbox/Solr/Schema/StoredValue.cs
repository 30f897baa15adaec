using System.Buffers.Binary;

namespace Hybrid.Sandbox.Solr.Schema;

/// <summary>
/// The bytes of field values. A long, double or date is eight bytes, little-endian; a boolean one byte; a string its length as
/// a varint, then UTF-8. A field of several values puts their number before them as a varint.
/// </summary>
internal static class StoredValue
{
    public const int FixedSize = sizeof(long);

    public static uint ReadVarint(ReadOnlySpan<byte> bytes, scoped ref int position)
    {
        uint value = 0;
        var shift = 0;
        while (true)
        {
            var next = bytes[position++];
            value |= (uint)(next & 0x7f) << shift;
            if (next < 0x80)
            {
                return value;
            }

            shift += 7;
        }
    }

    /// <summary>Steps over one value and returns its content: a string without its length.</summary>
    public static ReadOnlySpan<byte> ReadOne(FieldKind kind, ReadOnlySpan<byte> bytes, scoped ref int position)
    {
        var length = kind switch
        {
            FieldKind.String or FieldKind.Text => (int)ReadVarint(bytes, ref position),
            FieldKind.Boolean => 1,
            _ => FixedSize,
        };
        var value = bytes.Slice(position, length);
        position += length;
        return value;
    }

    /// <summary>Steps over all values of a field.</summary>
    public static void Skip(SchemaField field, ReadOnlySpan<byte> bytes, scoped ref int position)
    {
        for (var count = field.MultiValued ? ReadVarint(bytes, ref position) : 1; count > 0; count--)
        {
            ReadOne(field.Kind, bytes, ref position);
        }
    }

    public static long AsLong(ReadOnlySpan<byte> value) => BinaryPrimitives.ReadInt64LittleEndian(value);

    public static double AsDouble(ReadOnlySpan<byte> value) => BinaryPrimitives.ReadDoubleLittleEndian(value);

    public static bool AsBoolean(ReadOnlySpan<byte> value) => value[0] != 0;

    /// <summary>Writes one value's content as <see cref="ReadOne"/> gave it.</summary>
    public static void WriteOne(FieldKind kind, ReadOnlySpan<byte> value, ByteBuffer output)
    {
        if (kind is FieldKind.String or FieldKind.Text)
        {
            output.WriteVarint((uint)value.Length);
        }

        output.Write(value);
    }
}
