using Hybrid.Pipeline.Lines;

namespace Hybrid.Publisher.Publishing;

/// <summary>A few lines of an object, ready to be sent: bounded in number and in bytes.</summary>
internal sealed class EncodedLines
{
    private const int MostLines = 256;
    private const int MostBytes = 256 * 1024;

    private readonly List<EncodedLine> _lines = new(MostLines);
    private long _bytes;

    public IReadOnlyList<EncodedLine> Lines => _lines;

    /// <summary>Whether the object ends with them.</summary>
    public bool IsLast { get; set; }

    /// <summary>The header row of their CSV object; empty for other formats.</summary>
    public ReadOnlyMemory<byte> CsvHeader { get; set; }

    public bool IsFull => _lines.Count >= MostLines || _bytes >= MostBytes;

    public void Add(in EncodedLine line)
    {
        _lines.Add(line);
        _bytes += line.Value.Length + line.Original.Length;
    }
}

/// <summary>One line: a record, or why it is none.</summary>
internal readonly record struct EncodedLine
{
    public EncodedLine()
    {
    }

    /// <summary>The line within the object, from 1.</summary>
    public required long Number { get; init; }

    /// <summary>The line's length, bytes.</summary>
    public long Length { get; init; }

    /// <summary>The record's key; empty when the line is none.</summary>
    public byte[] Key { get; init; } = [];

    /// <summary>The record's value; empty when the line is none.</summary>
    public byte[] Value { get; init; } = [];

    /// <summary>The line as it was, where it is or may become a dead letter: cut when it was too long.</summary>
    public ReadOnlyMemory<byte> Original { get; init; }

    /// <summary>Why the line is no record; null when it is one.</summary>
    public LineError? Error { get; init; }

    /// <summary>What was wrong with the object, when this stands for its damaged rest.</summary>
    public CorruptObjectException? Damage { get; init; }
}
