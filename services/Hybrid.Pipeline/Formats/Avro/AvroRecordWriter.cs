using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using Hybrid.Contracts;
using Hybrid.Contracts.Records;
using Hybrid.Pipeline.Avro;

namespace Hybrid.Pipeline.Formats.Avro;

/// <summary>
/// Writes deltas as an Avro object container file of the schema <c>avro/SourceRecord.avsc</c>, codec null (the object is compressed as a
/// whole). The sync marker follows from the schema, so that the same records give the same bytes.
/// </summary>
internal sealed class AvroRecordWriter : IRecordWriter
{
    private const int BlockBytes = 32 * 1024;

    private static readonly byte[] s_schema = Encoding.UTF8.GetBytes(ContractResources.SourceRecordSchema);
    private static readonly byte[] s_sync = SHA256.HashData(s_schema)[..AvroFileHeader.SyncLength];

    private readonly IBufferWriter<byte> _output;
    private readonly ArrayBufferWriter<byte> _block = new(BlockBytes + (4 * 1024));
    private int _records;

    public AvroRecordWriter(IBufferWriter<byte> output)
    {
        _output = output;
        var writer = new AvroBinaryWriter(output);
        writer.Raw(ContentSniffer.Avro);
        writer.Long(2);
        writer.String("avro.codec");
        Bytes(writer, "null"u8);
        writer.String("avro.schema");
        Bytes(writer, s_schema);
        writer.Long(0);
        writer.Raw(s_sync);
    }

    public void Write(CatalogDelta delta)
    {
        var writer = new AvroBinaryWriter(_block);
        writer.String(delta.DocumentId);
        writer.Long((int)delta.Kind);
        writer.Long(delta.EventTimeMilliseconds);
        BuiltinDeltaEncoder.WriteAttributes(delta, writer);
        Written();
    }

    public void WriteMalformed(ReadOnlySpan<byte> content)
    {
        // An upsert of no document, with the content as its title.
        var writer = new AvroBinaryWriter(_block);
        writer.Long(0);
        writer.Long((int)DeltaKind.Upsert);
        writer.Long(DeltaVersion.MinEventTime.ToUnixTimeMilliseconds());
        writer.Long(1);
        Bytes(writer, content);
        for (var absent = 0; absent < 5; absent++)
        {
            writer.Long(0);
        }

        Written();
    }

    public void Complete()
    {
        if (_records == 0)
        {
            return;
        }

        var writer = new AvroBinaryWriter(_output);
        writer.Long(_records);
        Bytes(writer, _block.WrittenSpan);
        writer.Raw(s_sync);
        _block.ResetWrittenCount();
        _records = 0;
    }

    public void Dispose()
    {
    }

    private static void Bytes(AvroBinaryWriter writer, ReadOnlySpan<byte> bytes)
    {
        writer.Long(bytes.Length);
        writer.Raw(bytes);
    }

    private void Written()
    {
        _records++;
        if (_block.WrittenCount >= BlockBytes)
        {
            Complete();
        }
    }
}
