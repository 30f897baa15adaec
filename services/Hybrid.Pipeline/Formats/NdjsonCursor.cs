using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using Hybrid.Contracts.Records;
using Hybrid.Pipeline.Avro;
using Hybrid.Pipeline.DeadLetters;
using Hybrid.Pipeline.Lines;

namespace Hybrid.Pipeline.Formats;

/// <summary>The lines of an NDJSON object.</summary>
internal sealed class NdjsonCursor(DecodedStream content, string objectKey, FormatSettings settings) : RecordCursor
{
    private readonly ObjectLineReader _lines = new(content, objectKey, settings.MaxLineBytes);

    public override ReadOnlyMemory<byte> Line => _lines.Line;

    public override long LineNumber => _lines.LineNumber;

    public override long LineLength => _lines.LineLength;

    public override ValueTask<bool> ReadAsync(CancellationToken cancellationToken) => _lines.ReadAsync(cancellationToken);

    public override bool TryParse(in SourcePosition position, [NotNullWhen(true)] out CatalogDelta? delta, [NotNullWhen(false)] out LineError? error)
    {
        if (!_lines.IsTooLong)
        {
            return SourceLineParser.TryParse(_lines.Line.Span, position, out delta, out error);
        }

        delta = null;
        error = TooLong(_lines.LineLength);
        return false;
    }

    /// <summary>Encodes the line without parsing it into a delta; false when that has to be done.</summary>
    public bool TryEncode(ILineEncoder encoder, in SourcePosition position, IBufferWriter<byte> output) =>
        !_lines.IsTooLong && encoder.TryEncode(_lines.Line.Span, position, output);

    public override ValueTask DisposeAsync() => _lines.DisposeAsync();

    internal static LineError TooLong(long length) =>
        new(ErrorClasses.LineTooLong, $"the line of {length} bytes is longer than Publisher:MaxLineBytes");
}
