using System.Buffers;
using Hybrid.Pipeline.Avro;
using Hybrid.Pipeline.Lines;

namespace Hybrid.Publisher.Publishing;

/// <summary>
/// A few lines of an object, ready to be sent: bounded in number and in bytes. The records' values lie one behind the other in one buffer.
/// Made to be used again. Not for concurrent use.
/// </summary>
internal sealed class EncodedLines
{
    private const int MostLines = 256;
    private const int MostBytes = 256 * 1024;

    private readonly EncodedLine[] _lines = new EncodedLine[MostLines];
    private readonly ArrayBufferWriter<byte> _values = new(MostBytes / 4);
    private long _originals;

    public int Count { get; private set; }

    /// <summary>Whether the object ends with them.</summary>
    public bool IsLast { get; set; }

    /// <summary>The header row of their CSV object; empty for other formats.</summary>
    public ReadOnlyMemory<byte> CsvHeader { get; set; }

    public bool IsFull => Count == MostLines || _values.WrittenCount + _originals >= MostBytes;

    /// <summary>Whether it holds little enough to be kept for the next lines.</summary>
    public bool IsReusable => _values.Capacity <= 2 * MostBytes;

    public ref readonly EncodedLine this[int index] => ref _lines[index];

    /// <summary>Where the next record's value is written, before its line is added.</summary>
    public IBufferWriter<byte> Values => _values;

    /// <summary>Where the value of the next record begins.</summary>
    public int ValueStart => _values.WrittenCount;

    /// <summary>A record's value.</summary>
    public ReadOnlySpan<byte> ValueOf(in EncodedLine line) => _values.WrittenSpan.Slice(line.ValueStart, line.ValueLength);

    /// <summary>A record's key: its document's id.</summary>
    public ReadOnlySpan<byte> KeyOf(in EncodedLine line) => ConfluentWireFormat.DocumentId(ValueOf(line));

    public void Add(in EncodedLine line)
    {
        _lines[Count++] = line;
        _originals += line.Original.Length;
    }

    public void Clear()
    {
        Array.Clear(_lines, 0, Count);
        _values.ResetWrittenCount();
        _originals = 0;
        Count = 0;
        IsLast = false;
        CsvHeader = default;
    }
}

/// <summary>One line: a record, or why it is none.</summary>
internal readonly record struct EncodedLine
{
    /// <summary>The line within the object, from 1.</summary>
    public required long Number { get; init; }

    /// <summary>The line's length, bytes.</summary>
    public long Length { get; init; }

    /// <summary>Where the record's value begins.</summary>
    public int ValueStart { get; init; }

    /// <summary>The length of the record's value, bytes; 0 when the line is none.</summary>
    public int ValueLength { get; init; }

    /// <summary>The line as it was, where it is or may become a dead letter: cut when it was too long.</summary>
    public ReadOnlyMemory<byte> Original { get; init; }

    /// <summary>Why the line is no record; null when it is one.</summary>
    public LineError? Error { get; init; }

    /// <summary>What was wrong with the object, when this stands for its damaged rest.</summary>
    public CorruptObjectException? Damage { get; init; }
}
