using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using Hybrid.Contracts.Records;
using Hybrid.Pipeline.Avro;
using Hybrid.Pipeline.Formats.Avro;
using Hybrid.Pipeline.Formats.Csv;
using Hybrid.Pipeline.Lines;

namespace Hybrid.Pipeline.Formats;

/// <summary>
/// Reads the records of an object of any format (<see cref="SourceFormat"/>), plain or compressed (<see cref="ObjectCompression"/>), as a
/// cursor: each call of <see cref="ReadAsync"/> moves on to the next record, and <see cref="TryParse"/> turns that into a delta or says why
/// it is none. The format is the one that the extension of the object's name says, or else the one that the content looks like; the
/// compression is the content's. Everybody who reads a source reads it with this, so that all see the same records. Reading is streaming:
/// memory is bounded by the longest record allowed, not by the object. Not for concurrent use.
/// </summary>
public sealed class ObjectRecordReader : IAsyncDisposable
{
    private const int Peeked = 4 * 1024;

    private readonly DecodedStream _content;
    private readonly string _objectKey;
    private readonly FormatSettings _settings;
    private readonly string _partition;
    private readonly int _generation;
    private readonly int _ordinal;
    private RecordCursor? _cursor;

    /// <summary>Makes a reader.</summary>
    /// <param name="body">The object's bytes; left open.</param>
    /// <param name="objectKey">The object's key.</param>
    /// <param name="partition">The partition's name, which every delta carries.</param>
    /// <param name="generation">How often the object was replaced under its key: 0 for the first.</param>
    /// <param name="settings">How to read; null for the defaults.</param>
    public ObjectRecordReader(Stream body, string objectKey, string partition, int generation = 0, FormatSettings? settings = null)
    {
        ArgumentNullException.ThrowIfNull(body);
        _settings = settings ?? new FormatSettings();
        _content = new DecodedStream(body, _settings.MaxExpansion);
        _objectKey = objectKey;
        _partition = partition;
        _generation = generation;
        _ordinal = DeltaVersion.ObjectOrdinal(objectKey);
    }

    /// <summary>The format; known once something was read.</summary>
    public SourceFormat Format { get; private set; }

    /// <summary>The compression; known once something was read.</summary>
    public ObjectCompression Compression => _content.Compression;

    /// <summary>
    /// The record's bytes as they were, without the end of the line; only the first <see cref="ObjectLineReader.KeptBytes"/> of one that is
    /// too long. Valid until the next read.
    /// </summary>
    public ReadOnlyMemory<byte> Line => _cursor is { } cursor ? cursor.Line : default;

    /// <summary>The header row of a CSV object as it was, without the end of the line; empty for other formats and until a row was read.</summary>
    public ReadOnlyMemory<byte> CsvHeader => _cursor?.CsvHeader ?? default;

    /// <summary>
    /// Where the record begins: the number of its line from 1, as an editor shows it, where the format has lines (a CSV file's header is
    /// line 1); else its ordinal from 1. Grows from record to record.
    /// </summary>
    public long LineNumber => _cursor?.LineNumber ?? 0;

    /// <summary>The record's whole length in bytes, also when it is too long.</summary>
    public long LineLength => _cursor?.LineLength ?? 0;

    /// <summary>Moves on to the next record.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>False at the end of the object.</returns>
    /// <exception cref="CorruptObjectException">The object cannot be read from here on: it is truncated, damaged, or not of its format. The records
    /// before stand.</exception>
    /// <exception cref="IOException">Reading the body failed.</exception>
    /// <exception cref="Hosting.HybridException">The object is compressed with zstd and libzstd is not on this machine.</exception>
    public ValueTask<bool> ReadAsync(CancellationToken cancellationToken) =>
        _cursor is { } cursor ? cursor.ReadAsync(cancellationToken) : OpenAsync(cancellationToken);

    /// <summary>Turns the record into a delta. Only after <see cref="ReadAsync"/> returned true.</summary>
    /// <param name="delta">The delta, when the record is one.</param>
    /// <param name="error">Why it is none: one of <see cref="DeadLetters.ErrorClasses"/>, a message, and where in the record.</param>
    /// <returns>Whether the record is a delta.</returns>
    public bool TryParse([NotNullWhen(true)] out CatalogDelta? delta, [NotNullWhen(false)] out LineError? error)
    {
        var cursor = _cursor ?? throw new InvalidOperationException("nothing was read yet");
        return cursor.TryParse(PositionOf(cursor), out delta, out error);
    }

    /// <summary>Encodes the record without parsing it into a delta. Only after <see cref="ReadAsync"/> returned true.</summary>
    /// <returns>False when that has to be done: the format or the record is not the usual one.</returns>
    internal bool TryEncode(ILineEncoder encoder, IBufferWriter<byte> output) =>
        _cursor is NdjsonCursor lines && lines.TryEncode(encoder, PositionOf(lines), output);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _cursor?.DisposeAsync() ?? _content.DisposeAsync();

    private SourcePosition PositionOf(RecordCursor cursor) => new(_partition, _generation, _ordinal, cursor.LineNumber);

    private async ValueTask<bool> OpenAsync(CancellationToken cancellationToken)
    {
        try
        {
            var begin = await _content.PeekAsync(Peeked, cancellationToken).ConfigureAwait(false);
            if (ObjectExtensions.CompressionOf(_objectKey) is { } said && Compression == ObjectCompression.None && ContentSniffer.IsBinary(begin.Span))
            {
                throw new InvalidDataException($"it is named as {said.ToString().ToLowerInvariant()} and is neither that nor text");
            }

            Format = ObjectExtensions.FormatOf(_objectKey) ?? ContentSniffer.FormatOf(begin.Span);
        }
        catch (InvalidDataException failure)
        {
            throw new CorruptObjectException(_objectKey, 1, failure.Message, failure);
        }

        _cursor = Format switch
        {
            SourceFormat.Avro => new AvroCursor(_content, _objectKey, _settings),
            SourceFormat.Csv => new CsvCursor(_content, _objectKey, _settings),
            _ => new NdjsonCursor(_content, _objectKey, _settings),
        };
        return await _cursor.ReadAsync(cancellationToken).ConfigureAwait(false);
    }
}
