using System.Buffers;
using Hybrid.Contracts.Records;
using Hybrid.Pipeline.Lines;

namespace Hybrid.Pipeline.Formats;

/// <summary>Writes deltas as NDJSON.</summary>
internal sealed class NdjsonRecordWriter(IBufferWriter<byte> output) : IRecordWriter
{
    private readonly SourceLineWriter _lines = new(output);

    public void Write(CatalogDelta delta) => _lines.Write(delta);

    public void WriteMalformed(ReadOnlySpan<byte> content)
    {
        output.Write(content);
        output.Write("\n"u8);
    }

    public void Complete()
    {
    }

    public void Dispose() => _lines.Dispose();
}
