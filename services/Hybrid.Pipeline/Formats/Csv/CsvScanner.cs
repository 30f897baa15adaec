namespace Hybrid.Pipeline.Formats.Csv;

/// <summary>How scanning a row went.</summary>
internal enum CsvScan
{
    /// <summary>The row is whole.</summary>
    Row,

    /// <summary>It goes on past what was given.</summary>
    NeedsMore,

    /// <summary>Its quotes are wrong.</summary>
    Malformed,
}

/// <summary>Where a field stands in its row, without its quotes.</summary>
/// <param name="Start">From the row's begin, bytes.</param>
/// <param name="Length">Its length, bytes.</param>
/// <param name="IsQuoted">Whether it stood in quotes.</param>
/// <param name="IsEscaped">Whether it holds doubled quotes.</param>
internal readonly record struct CsvField(int Start, int Length, bool IsQuoted, bool IsEscaped);

/// <summary>
/// Finds the fields of a row (RFC 4180, with any separator and quote, LF or CR LF as the row's end, and quotes within an unquoted field taken
/// as they are). Allocates nothing per row. Not for concurrent use.
/// </summary>
internal sealed class CsvScanner(byte separator, byte quote)
{
    private CsvField[] _fields = new CsvField[16];

    /// <summary>The fields found.</summary>
    public ReadOnlySpan<CsvField> Fields => _fields.AsSpan(0, Count);

    /// <summary>How many.</summary>
    public int Count { get; private set; }

    /// <summary>The row's length without its end, bytes.</summary>
    public int Length { get; private set; }

    /// <summary>The row's length with its end, bytes.</summary>
    public int Consumed { get; private set; }

    /// <summary>Whether a field was quoted, so that the row may hold line feeds.</summary>
    public bool HasQuotes { get; private set; }

    /// <summary>Where the quotes are wrong, bytes from 0.</summary>
    public int ErrorAt { get; private set; }

    /// <summary>What is wrong with them.</summary>
    public string Error { get; private set; } = "";

    /// <summary>Scans the row that the text begins with.</summary>
    /// <param name="text">The text.</param>
    /// <param name="isLast">Whether nothing follows it.</param>
    public CsvScan Scan(ReadOnlySpan<byte> text, bool isLast)
    {
        Count = 0;
        HasQuotes = false;
        for (var at = 0; ;)
        {
            if (at < text.Length && text[at] == quote)
            {
                if (Quoted(text, ref at, isLast) is { } problem)
                {
                    return problem;
                }

                if (at < text.Length && text[at] == separator)
                {
                    at++;
                    continue;
                }

                return AfterQuote(text, at, isLast);
            }

            var length = text[at..].IndexOfAny(separator, (byte)'\n');
            if (length < 0 && !isLast)
            {
                return CsvScan.NeedsMore;
            }

            var end = length < 0 ? text.Length : at + length;
            if (end < text.Length && text[end] == separator)
            {
                Add(new CsvField(at, length, false, false));
                at = end + 1;
                continue;
            }

            var content = end > at && text[end - 1] == '\r' ? end - 1 : end;
            Add(new CsvField(at, content - at, false, false));
            return End(content, Math.Min(end + 1, text.Length));
        }
    }

    private CsvScan AfterQuote(ReadOnlySpan<byte> text, int at, bool isLast)
    {
        var rest = text[at..];
        return rest.StartsWith("\r\n"u8) ? End(at, at + 2)
            : rest.StartsWith("\n"u8) ? End(at, at + 1)
            : rest.Length > 1 || (rest.Length == 1 && rest[0] != '\r') ? Wrong(at, "text follows a closing quote")
            : isLast ? End(at, text.Length)
            : CsvScan.NeedsMore;
    }

    /// <summary>Passes over a quoted field and its quotes.</summary>
    private CsvScan? Quoted(ReadOnlySpan<byte> text, ref int at, bool isLast)
    {
        HasQuotes = true;
        var begin = at + 1;
        var isEscaped = false;
        for (var i = begin; ;)
        {
            var found = text[i..].IndexOf(quote);
            if (found < 0)
            {
                return isLast ? Wrong(at, "a quote is never closed") : CsvScan.NeedsMore;
            }

            i += found + 1;
            if (i == text.Length && !isLast)
            {
                return CsvScan.NeedsMore;
            }

            if (i == text.Length || text[i] != quote)
            {
                Add(new CsvField(begin, i - 1 - begin, true, isEscaped));
                at = i;
                return null;
            }

            isEscaped = true;
            i++;
        }
    }

    private CsvScan End(int length, int consumed)
    {
        Length = length;
        Consumed = consumed;
        return CsvScan.Row;
    }

    private CsvScan Wrong(int at, string error)
    {
        ErrorAt = at;
        Error = error;
        return CsvScan.Malformed;
    }

    private void Add(CsvField field)
    {
        if (Count == _fields.Length)
        {
            Array.Resize(ref _fields, 2 * _fields.Length);
        }

        _fields[Count++] = field;
    }
}
