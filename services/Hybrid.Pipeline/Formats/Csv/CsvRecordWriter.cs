using System.Buffers;
using System.Buffers.Text;
using System.Text;
using Hybrid.Contracts.Records;

namespace Hybrid.Pipeline.Formats.Csv;

/// <summary>
/// Writes deltas as the CSV that is read without a mapping: a header of the fields' names, then a row each (RFC 4180 but for LF as the row's
/// end). Nothing in a cell is no value, a pair of quotes an empty text.
/// </summary>
internal sealed class CsvRecordWriter : IRecordWriter
{
    private static readonly SearchValues<byte> s_special = SearchValues.Create(",\"\r\n"u8);

    private readonly IBufferWriter<byte> _output;
    private readonly ArrayBufferWriter<byte> _cell = new(256);

    public CsvRecordWriter(IBufferWriter<byte> output)
    {
        _output = output;
        _output.Write("documentId,kind,eventTime,title,category,price,quantity,campaign,related\n"u8);
    }

    public void Write(CatalogDelta delta)
    {
        WriteText(delta.DocumentId);
        _output.Write(delta.Kind switch { DeltaKind.Upsert => ",upsert,"u8, DeltaKind.Delete => ",delete,"u8, _ => ",signal,"u8 });
        WriteTime(delta.EventTimeMilliseconds);
        _output.Write(","u8);
        WriteText(delta.Title);
        _output.Write(","u8);
        WriteText(delta.Category);
        _output.Write(","u8);
        if (delta.Price is { } price)
        {
            Utf8Formatter.TryFormat(price, _output.GetSpan(40), out var length);
            _output.Advance(length);
        }

        _output.Write(","u8);
        if (delta.Quantity is { } quantity)
        {
            Utf8Formatter.TryFormat(quantity, _output.GetSpan(24), out var length);
            _output.Advance(length);
        }

        _output.Write(","u8);
        WriteText(delta.Campaign);
        _output.Write(","u8);
        WriteRelated(delta.Related);
        _output.Write("\n"u8);
    }

    public void WriteMalformed(ReadOnlySpan<byte> content)
    {
        // A row of one field, where the header has nine.
        WriteCell(content);
        _output.Write("\n"u8);
    }

    public void Complete()
    {
    }

    public void Dispose()
    {
    }

    private void WriteTime(long milliseconds)
    {
        DateTimeOffset.FromUnixTimeMilliseconds(milliseconds).UtcDateTime.TryFormat(
            _output.GetSpan(32), out var length, "yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture);
        _output.Advance(length);
    }

    private void WriteRelated(string[] related)
    {
        _cell.ResetWrittenCount();
        for (var i = 0; i < related.Length; i++)
        {
            if (related[i].Contains('|'))
            {
                throw new FormatException($"the document '{related[i]}' cannot be written to CSV, where | separates related documents");
            }

            _cell.Write(i == 0 ? default : "|"u8);
            Encoding.UTF8.GetBytes(related[i], _cell);
        }

        WriteCell(_cell.WrittenSpan);
    }

    private void WriteText(string? text)
    {
        if (text is null)
        {
            return;
        }

        if (text.Length == 0)
        {
            _output.Write("\"\""u8);
            return;
        }

        _cell.ResetWrittenCount();
        Encoding.UTF8.GetBytes(text, _cell);
        WriteCell(_cell.WrittenSpan);
    }

    private void WriteCell(ReadOnlySpan<byte> value)
    {
        if (!value.ContainsAny(s_special))
        {
            _output.Write(value);
            return;
        }

        _output.Write("\""u8);
        while (value.IndexOf((byte)'"') is var at and >= 0)
        {
            _output.Write(value[..(at + 1)]);
            _output.Write("\""u8);
            value = value[(at + 1)..];
        }

        _output.Write(value);
        _output.Write("\""u8);
    }
}
