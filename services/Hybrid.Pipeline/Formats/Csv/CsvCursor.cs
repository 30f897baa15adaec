using System.Diagnostics.CodeAnalysis;
using System.Text;
using Hybrid.Contracts.Records;
using Hybrid.Pipeline.DeadLetters;
using Hybrid.Pipeline.Lines;

namespace Hybrid.Pipeline.Formats.Csv;

/// <summary>
/// The rows of a CSV object below its header. A row whose quotes are wrong ends with its line, so that the next line begins a row again and
/// one stray quote costs one line, not the rest of the object. An empty line is no row.
/// </summary>
internal sealed class CsvCursor : RecordCursor
{
    private readonly ReadAheadBuffer _buffer;
    private readonly string _objectKey;
    private readonly int _maxRowBytes;
    private readonly CsvPlan _plan;
    private readonly CsvScanner _scanner;
    private readonly byte[] _kept = new byte[ObjectLineReader.KeptBytes];
    private CsvRowParser? _parser;
    private ReadOnlyMemory<byte> _header;
    private ReadOnlyMemory<byte> _row;
    private LineError? _error;
    private int _pending;
    private long _length;
    private long _line;
    private long _nextLine = 1;

    public CsvCursor(DecodedStream content, string objectKey, FormatSettings settings)
    {
        _objectKey = objectKey;
        _maxRowBytes = settings.MaxLineBytes;
        _plan = settings.Csv;
        _scanner = new CsvScanner(_plan.Separator, _plan.Quote);
        _buffer = new ReadAheadBuffer(content, objectKey, _maxRowBytes + 2);
    }

    public override ReadOnlyMemory<byte> Line => _row;

    public override ReadOnlyMemory<byte> CsvHeader => _header;

    public override long LineNumber => _line;

    public override long LineLength => _length;

    public override ValueTask<bool> ReadAsync(CancellationToken cancellationToken)
    {
        if (_parser is not null && TryTake())
        {
            return ValueTask.FromResult(true);
        }

        return ReadSlowlyAsync(cancellationToken);
    }

    public override bool TryParse(in SourcePosition position, [NotNullWhen(true)] out CatalogDelta? delta, [NotNullWhen(false)] out LineError? error)
    {
        if (_error is null)
        {
            return _parser!.TryParse(_row.Span, _scanner.Fields, position, out delta, out error);
        }

        delta = null;
        error = _error;
        return false;
    }

    public override ValueTask DisposeAsync()
    {
        _row = default;
        return _buffer.DisposeAsync();
    }

    private async ValueTask<bool> ReadSlowlyAsync(CancellationToken cancellationToken)
    {
        if (_parser is null && !await ReadHeaderAsync(cancellationToken).ConfigureAwait(false))
        {
            return false;
        }

        while (!TryTake())
        {
            if (_buffer.HasEnded)
            {
                return false;
            }

            if (_buffer.Unread.Length >= _maxRowBytes + 2)
            {
                await TakeTooLongAsync(cancellationToken).ConfigureAwait(false);
                return true;
            }

            await FillAsync(cancellationToken).ConfigureAwait(false);
        }

        return true;
    }

    private async ValueTask<bool> ReadHeaderAsync(CancellationToken cancellationToken)
    {
        await FillAsync(cancellationToken).ConfigureAwait(false);
        if (_buffer.Unread.StartsWith("\uFEFF"u8))
        {
            _buffer.Advance(3);
        }

        while (!TryTake())
        {
            if (_buffer.HasEnded)
            {
                return false;
            }

            if (_buffer.Unread.Length >= _maxRowBytes + 2)
            {
                throw new CorruptObjectException(_objectKey, _nextLine, "its header row is longer than Publisher:MaxLineBytes");
            }

            await FillAsync(cancellationToken).ConfigureAwait(false);
        }

        try
        {
            if (_error is not null)
            {
                throw new InvalidDataException($"its header row cannot be read: {_error.Message}");
            }

            _parser = new CsvRowParser(_plan, Header());
            _header = _row.ToArray();
            return true;
        }
        catch (InvalidDataException failure)
        {
            throw new CorruptObjectException(_objectKey, _line, failure.Message, failure);
        }
    }

    private string[] Header()
    {
        var quote = ((char)_plan.Quote).ToString();
        var names = new string[_scanner.Count];
        for (var i = 0; i < names.Length; i++)
        {
            var cell = _scanner.Fields[i];
            names[i] = Encoding.UTF8.GetString(_row.Span.Slice(cell.Start, cell.Length)).Replace(quote + quote, quote, StringComparison.Ordinal).Trim();
        }

        return names;
    }

    private ValueTask FillAsync(CancellationToken cancellationToken)
    {
        _buffer.Advance(_pending);
        _pending = 0;
        var more = Math.Min(Math.Max(2 * _buffer.Unread.Length, 1), _maxRowBytes + 2);
        return _buffer.FillAsync(more, _nextLine, cancellationToken);
    }

    /// <summary>Takes the next row that is not empty; false when the buffer does not hold it whole.</summary>
    private bool TryTake()
    {
        while (true)
        {
            _buffer.Advance(_pending);
            _pending = 0;
            var text = _buffer.Unread;
            if (text.IsEmpty)
            {
                return false;
            }

            switch (_scanner.Scan(text, _buffer.HasEnded))
            {
                case CsvScan.NeedsMore:
                    return false;
                case CsvScan.Malformed:
                    TakeLine(text, _scanner.Error, _scanner.ErrorAt);
                    return true;
                default:
                    TakeRow(text);
                    if (_length > 0)
                    {
                        return true;
                    }

                    break;
            }
        }
    }

    private void TakeRow(ReadOnlySpan<byte> text)
    {
        _length = _scanner.Length;
        _pending = _scanner.Consumed;
        _line = _nextLine;
        _nextLine += _scanner.HasQuotes ? text[.._pending].Count((byte)'\n') : 1;
        _error = _length > _maxRowBytes ? NdjsonCursor.TooLong(_length) : null;
        _row = _buffer.Slice(0, _error is null ? (int)_length : ObjectLineReader.KeptBytes);
    }

    /// <summary>Takes the line that a row with wrong quotes begins with.</summary>
    private void TakeLine(ReadOnlySpan<byte> text, string error, int at)
    {
        var end = text.IndexOf((byte)'\n');
        _pending = end < 0 ? text.Length : end + 1;
        var line = end < 0 ? text : text[..end];
        _length = line.EndsWith("\r"u8) ? line.Length - 1 : line.Length;
        _line = _nextLine++;
        _error = new LineError(ErrorClasses.MalformedCsv, $"{error}, at byte {at + 1}") { Column = at < line.Length ? at + 1 : null };
        _row = _buffer.Slice(0, (int)Math.Min(_length, _maxRowBytes));
    }

    /// <summary>Takes what is longer than a row may be: one line, the rest of which is passed over.</summary>
    private async ValueTask TakeTooLongAsync(CancellationToken cancellationToken)
    {
        var line = _buffer.Unread.IndexOf((byte)'\n');
        if (line >= 0)
        {
            TakeLine(_buffer.Unread, $"a quote is not closed within {_maxRowBytes} bytes (Publisher:MaxLineBytes)", _scanner.Count == 0 ? 0 : NextField());
            return;
        }

        _buffer.Unread[.._kept.Length].CopyTo(_kept);
        _length = 0;
        byte last = 0;
        while (line < 0 && !_buffer.Unread.IsEmpty)
        {
            _length += _buffer.Unread.Length;
            last = _buffer.Unread[^1];
            _buffer.Advance(_buffer.Unread.Length);
            await _buffer.FillAsync(1, _nextLine, cancellationToken).ConfigureAwait(false);
            line = _buffer.Unread.IndexOf((byte)'\n');
        }

        last = line > 0 ? _buffer.Unread[line - 1] : last;
        _length += Math.Max(line, 0) - (last == '\r' ? 1 : 0);
        _pending = line + 1;
        _line = _nextLine++;
        _error = NdjsonCursor.TooLong(_length);
        _row = _kept;
    }

    /// <summary>Where the field begins that the scanner did not come to the end of.</summary>
    private int NextField()
    {
        var before = _scanner.Fields[^1];
        return before.Start + before.Length + (before.IsQuoted ? 2 : 1);
    }
}
