using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Unicode;
using Hybrid.Contracts.Records;
using Hybrid.Pipeline.DeadLetters;
using Hybrid.Pipeline.Lines;

namespace Hybrid.Pipeline.Formats.Csv;

/// <summary>Turns the rows below one header into deltas. Not for concurrent use.</summary>
internal sealed class CsvRowParser
{
    private readonly CsvPlan _plan;
    private readonly int _columns;
    private readonly (Field Field, int Column, byte[]? Constant)[] _fields;
    private readonly (int Column, CsvKindPlan Rule)[] _kinds;
    private byte[] _scratch = [];

    /// <param name="plan">The mapping.</param>
    /// <param name="header">The columns' names.</param>
    /// <exception cref="InvalidDataException">The header lacks a column, or has it twice.</exception>
    public CsvRowParser(CsvPlan plan, string[] header)
    {
        _plan = plan;
        _columns = header.Length;
        var fields = plan.IsByName
            ? plan.Fields.Where(field => field.Field is Field.DocumentId or Field.Kind or Field.EventTime || header.Contains(field.Column, StringComparer.Ordinal))
            : plan.Fields;
        _fields = [.. fields.Select(field => (field.Field, IndexOf(header, field.Column), field.Constant))];
        _kinds = [.. plan.Kinds.Select(rule => (IndexOf(header, rule.Column), rule))];
    }

    public bool TryParse(
        ReadOnlySpan<byte> row,
        ReadOnlySpan<CsvField> cells,
        in SourcePosition position,
        [NotNullWhen(true)] out CatalogDelta? delta,
        [NotNullWhen(false)] out LineError? error)
    {
        delta = null;
        if (cells.Length != _columns)
        {
            error = new LineError(ErrorClasses.MalformedCsv, $"the row has {cells.Length} fields where the header has {_columns}");
            return false;
        }

        if (!Utf8.IsValid(row))
        {
            error = InvalidUtf8.Error(row);
            return false;
        }

        var fields = default(LineFields);
        foreach (ref readonly var field in _fields.AsSpan())
        {
            error = field.Column >= 0 ? ReadCell(row, cells, field.Field, field.Column, ref fields)
                : field.Constant is not null ? Read(field.Field, field.Constant, ref fields)
                : ReadKind(row, cells, ref fields);
            if (error is not null)
            {
                return false;
            }
        }

        error = fields.Missing();
        if (error is not null)
        {
            return false;
        }

        delta = fields.ToDelta(position);
        return true;
    }

    private LineError? ReadCell(ReadOnlySpan<byte> row, ReadOnlySpan<CsvField> cells, Field field, int column, ref LineFields fields)
    {
        ref readonly var cell = ref cells[column];
        var value = Value(row, cell);
        var byRule = field == Field.Kind && _kinds.Length > 0;
        var isEmptyText = cell.IsQuoted && field is (Field.Title or Field.Category or Field.Campaign);
        if (value.IsEmpty && !byRule && !isEmptyText)
        {
            return null;
        }

        var error = byRule ? ReadKind(row, cells, ref fields) : Read(field, value, ref fields);
        return error is null ? null : error with { Column = cell.Start + (cell.IsQuoted ? 0 : 1) };
    }

    private LineError? Read(Field field, ReadOnlySpan<byte> value, ref LineFields fields)
    {
        switch (field)
        {
            case Field.DocumentId:
                fields.DocumentId = Encoding.UTF8.GetString(value);
                return null;
            case Field.Kind:
                fields.Kind = CsvPlan.KindOf(value);
                return fields.Kind is null ? Wrong(ErrorClasses.UnknownKind, "kind", value, "not upsert, delete or signal") : null;
            case Field.EventTime:
                return ReadTime(value, ref fields);
            case Field.Title:
                fields.Title = Encoding.UTF8.GetString(value);
                return null;
            case Field.Category:
                fields.Category = Encoding.UTF8.GetString(value);
                return null;
            case Field.Price:
                return ReadPrice(value, ref fields);
            case Field.Quantity:
                if (!_plan.Numbers.TryParse(value, out long quantity))
                {
                    return Wrong(ErrorClasses.WrongType, "quantity", value, "not an integer of 64 bits");
                }

                fields.Quantity = quantity;
                return null;
            case Field.Campaign:
                fields.Campaign = Encoding.UTF8.GetString(value);
                return null;
            default:
                fields.Related = Related(value);
                return null;
        }
    }

    private LineError? ReadKind(ReadOnlySpan<byte> row, ReadOnlySpan<CsvField> cells, ref LineFields fields)
    {
        foreach (ref readonly var kind in _kinds.AsSpan())
        {
            var value = kind.Column < 0 ? default : Value(row, cells[kind.Column]);
            if (kind.Rule.IsPrefix ? value.StartsWith(kind.Rule.Value) : value.SequenceEqual(kind.Rule.Value))
            {
                fields.Kind = kind.Rule.Kind;
                return null;
            }
        }

        return new LineError(ErrorClasses.UnknownKind, "no rule of the mapping gives the row a kind");
    }

    private LineError? ReadTime(ReadOnlySpan<byte> value, ref LineFields fields)
    {
        if (!_plan.Times.TryParse(value, out var milliseconds))
        {
            return Wrong(ErrorClasses.WrongType, "eventTime", value, $"not {_plan.Times}");
        }

        fields.EventTime = milliseconds;
        return EventTimes.CheckRange(milliseconds);
    }

    private LineError? ReadPrice(ReadOnlySpan<byte> value, ref LineFields fields)
    {
        if (!_plan.Numbers.TryParse(value, out double price))
        {
            return Wrong(ErrorClasses.WrongType, "price", value, "not a number");
        }

        fields.Price = price;
        return double.IsFinite(price) ? null : new LineError(ErrorClasses.OutOfRange, "price is beyond a 64-bit floating point number");
    }

    private string[] Related(ReadOnlySpan<byte> value)
    {
        var related = new string[value.Count(_plan.RelatedSeparator) + 1];
        for (var i = 0; i < related.Length; i++)
        {
            var end = i == related.Length - 1 ? value.Length : value.IndexOf(_plan.RelatedSeparator);
            related[i] = Encoding.UTF8.GetString(value[..end]);
            value = i == related.Length - 1 ? default : value[(end + _plan.RelatedSeparator.Length)..];
        }

        return related;
    }

    /// <summary>A cell's value: without the doubling of quotes, and trimmed when the mapping says so.</summary>
    private ReadOnlySpan<byte> Value(ReadOnlySpan<byte> row, in CsvField cell)
    {
        var value = row.Slice(cell.Start, cell.Length);
        if (!cell.IsEscaped)
        {
            return _plan.Trim && !cell.IsQuoted ? value.Trim((byte)' ') : value;
        }

        if (_scratch.Length < value.Length)
        {
            _scratch = new byte[Math.Max(value.Length, 2 * _scratch.Length)];
        }

        var written = 0;
        while (value.IndexOf(_plan.Quote) is var at and >= 0)
        {
            value[..(at + 1)].CopyTo(_scratch.AsSpan(written));
            written += at + 1;
            value = value[(at + 2)..];
        }

        value.CopyTo(_scratch.AsSpan(written));
        return _scratch.AsSpan(0, written + value.Length);
    }

    private static int IndexOf(string[] header, string? column)
    {
        if (column is null)
        {
            return -1;
        }

        var index = Array.IndexOf(header, column);
        return index < 0 ? throw new InvalidDataException($"the header has no column '{Excerpt.Of(column)}', which the mapping needs")
            : Array.IndexOf(header, column, index + 1) >= 0 ? throw new InvalidDataException($"the header has the column '{Excerpt.Of(column)}' twice")
            : index;
    }

    private static LineError Wrong(string errorClass, string field, ReadOnlySpan<byte> value, string expected) =>
        new(errorClass, $"{field} is '{Excerpt.Of(Encoding.UTF8.GetString(value))}', {expected}");
}
