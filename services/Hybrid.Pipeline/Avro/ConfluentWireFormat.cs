using System.Buffers.Binary;

namespace Hybrid.Pipeline.Avro;

/// <summary>The header of a value in Confluent's wire format: a zero byte and the schema's id, big-endian.</summary>
internal static class ConfluentWireFormat
{
    public const int HeaderLength = 5;

    public static void Write(Span<byte> header, int schemaId)
    {
        header[0] = 0;
        BinaryPrimitives.WriteInt32BigEndian(header[1..], schemaId);
    }

    /// <summary>The document's id in the value of a delta, which is its first field.</summary>
    public static ReadOnlySpan<byte> DocumentId(ReadOnlySpan<byte> value) => new AvroBinaryReader(value[HeaderLength..]).Bytes();

    /// <exception cref="DeltaFormatException">There is no such header.</exception>
    public static int ReadSchemaId(ReadOnlySpan<byte> value)
    {
        if (value.Length < HeaderLength || value[0] != 0)
        {
            throw new DeltaFormatException("the value does not begin with a zero byte and a schema id");
        }

        return BinaryPrimitives.ReadInt32BigEndian(value[1..]);
    }
}
