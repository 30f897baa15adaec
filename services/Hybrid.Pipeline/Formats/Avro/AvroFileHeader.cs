using System.Text;
using Hybrid.Pipeline.Avro;

namespace Hybrid.Pipeline.Formats.Avro;

/// <summary>The header of an object container file (Apache Avro 1.11, "Object Container Files").</summary>
/// <param name="Schema">The writer's schema.</param>
/// <param name="Codec">How blocks are compressed.</param>
/// <param name="Sync">The marker between blocks.</param>
internal sealed record AvroFileHeader(AvroSchema Schema, string Codec, byte[] Sync)
{
    /// <summary>The length of a sync marker, bytes.</summary>
    public const int SyncLength = 16;

    /// <summary>Reads a header.</summary>
    /// <param name="bytes">The file's begin.</param>
    /// <param name="length">The header's length.</param>
    /// <exception cref="DeltaFormatException">It is not whole, or none.</exception>
    /// <exception cref="FormatException">The schema in it is none.</exception>
    public static AvroFileHeader Read(ReadOnlySpan<byte> bytes, out int length)
    {
        var reader = new AvroBinaryReader(bytes);
        if (!reader.Take(ContentSniffer.Avro.Length).SequenceEqual(ContentSniffer.Avro))
        {
            throw new FormatException("it does not begin as an Avro object container file does");
        }

        string? schema = null;
        var codec = "null";
        for (var count = reader.BlockCount(); count > 0; count = reader.BlockCount())
        {
            for (; count > 0; count--)
            {
                var key = reader.String();
                var value = reader.Bytes();
                (schema, codec) = key switch
                {
                    "avro.schema" => (Encoding.UTF8.GetString(value), codec),
                    "avro.codec" => (schema, Encoding.UTF8.GetString(value)),
                    _ => (schema, codec),
                };
            }
        }

        var sync = reader.Take(SyncLength).ToArray();
        length = bytes.Length - reader.Remaining;
        return new AvroFileHeader(AvroSchema.Parse(schema ?? throw new FormatException("its header has no avro.schema")), codec, sync);
    }
}
