using System.Globalization;
using System.Text;
using Hybrid.Contracts.Records;
using Hybrid.Pipeline.Lines;

namespace Hybrid.Pipeline.Formats.Csv;

/// <summary>A mapping, checked and worked out as far as it goes without the header row.</summary>
internal sealed class CsvPlan
{
    private static readonly Field[] s_fields = Enum.GetValues<Field>()[1..];

    /// <exception cref="FormatException">The mapping contradicts itself: what is wrong, and where.</exception>
    public CsvPlan(CsvMapping mapping)
    {
        Separator = Single(mapping.Separator, "separator");
        Quote = Single(mapping.Quote, "quote");
        if (Separator == Quote || (char)Separator is '\n' or '\r' || (char)Quote is '\n' or '\r')
        {
            throw new FormatException("separator and quote are two different characters that end no line");
        }

        Trim = mapping.Trim;
        Numbers = new CsvNumbers(mapping.DecimalSeparator, mapping.GroupSeparator);
        IsByName = mapping.Fields.Count == 0;
        Fields = IsByName ? [.. s_fields.Select(field => new CsvFieldPlan(field, SourceLineParser.Name(field), null))] : [.. mapping.Fields.Select(Plan)];
        foreach (var required in IsByName ? [] : (Field[])[Field.DocumentId, Field.Kind, Field.EventTime])
        {
            if (Fields.All(field => field.Field != required))
            {
                throw new FormatException($"fields lacks {SourceLineParser.Name(required)}, which every record has");
            }
        }

        var kind = Of(mapping, Field.Kind);
        Kinds = [.. kind.Rules.Select(Rule), .. kind.Values.Select(value => Rule(kind.Column!, value.Key, value.Value))];
        if (kind is { Column: null, Constant: null, Rules.Count: 0 } && !IsByName)
        {
            throw new FormatException("fields.kind needs a column, a constant or rules");
        }

        Times = new CsvTimes(Of(mapping, Field.EventTime));
        var separator = Of(mapping, Field.Related).Separator ?? "|";
        RelatedSeparator = separator.Length > 0 ? Encoding.UTF8.GetBytes(separator) : throw new FormatException("fields.related.separator is empty");
    }

    public byte Separator { get; }

    public byte Quote { get; }

    public bool Trim { get; }

    /// <summary>Whether every column is the field of its name, and only those that must be there are asked for.</summary>
    public bool IsByName { get; }

    public CsvNumbers Numbers { get; }

    public CsvTimes Times { get; }

    public IReadOnlyList<CsvFieldPlan> Fields { get; }

    /// <summary>Rules for the kind, the first that applies counts; empty when the column holds the kinds' own names.</summary>
    public IReadOnlyList<CsvKindPlan> Kinds { get; }

    public byte[] RelatedSeparator { get; }

    public static DeltaKind? KindOf(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("upsert"u8) ? DeltaKind.Upsert
        : name.SequenceEqual("signal"u8) ? DeltaKind.Signal
        : name.SequenceEqual("delete"u8) ? DeltaKind.Delete
        : null;

    private static CsvFieldMapping Of(CsvMapping mapping, Field field) =>
        mapping.Fields.GetValueOrDefault(SourceLineParser.Name(field)) ?? new CsvFieldMapping();

    private static CsvFieldPlan Plan(KeyValuePair<string, CsvFieldMapping> entry)
    {
        var field = s_fields.FirstOrDefault(field => SourceLineParser.Name(field) == entry.Key);
        if (field == Field.Unknown)
        {
            throw new FormatException($"fields has no field '{entry.Key}': {string.Join(", ", s_fields.Select(SourceLineParser.Name))}");
        }

        var from = entry.Value;
        var sources = (from.Column is null ? 0 : 1) + (from.Constant is null ? 0 : 1) + (from.Rules.Count == 0 ? 0 : 1);
        var where = $"fields.{entry.Key}";
        if (sources != 1)
        {
            throw new FormatException($"{where} needs exactly one of column, constant{(field == Field.Kind ? " and rules" : "")}");
        }

        Only(from.Rules.Count > 0 || from.Values.Count > 0, field == Field.Kind, $"{where}: only the kind has rules or values");
        Only(from.Values.Count > 0, from.Column is not null, $"{where}.values needs a column");
        Only(from.Formats.Count > 0 || from.Offset is not null, field == Field.EventTime, $"{where}: only the eventTime has formats or an offset");
        Only(from.Separator is not null, field == Field.Related, $"{where}: only related has a separator");
        Only(from.Constant is not null, field is not (Field.DocumentId or Field.EventTime or Field.Related), $"{where} cannot be a constant");
        if (field == Field.Kind && from.Constant is { } kind)
        {
            Only(true, KindOf(Encoding.UTF8.GetBytes(kind)) is not null, $"{where}.constant is '{kind}', not upsert, delete or signal");
        }

        return new CsvFieldPlan(field, from.Column, from.Constant is { } constant ? Encoding.UTF8.GetBytes(constant) : null);
    }

    private static void Only(bool given, bool allowed, string mistake)
    {
        if (given && !allowed)
        {
            throw new FormatException(mistake);
        }
    }

    private static CsvKindPlan Rule(CsvKindRule rule)
    {
        if ((rule.Column is null) != (rule.Value is null && rule.StartsWith is null) || (rule.Value is not null && rule.StartsWith is not null))
        {
            throw new FormatException("a rule of fields.kind has a column with either equals or startsWith, or none of them");
        }

        return Rule(rule.Column, rule.Value ?? rule.StartsWith ?? "", rule.Kind) with { IsPrefix = rule.Value is null };
    }

    private static CsvKindPlan Rule(string? column, string value, string kind) => new(
        column,
        Encoding.UTF8.GetBytes(value),
        IsPrefix: false,
        KindOf(Encoding.UTF8.GetBytes(kind)) ?? throw new FormatException($"fields.kind gives '{kind}', which is not upsert, delete or signal"));

    private static byte Single(string text, string name) =>
        text.Length == 1 && text[0] is > '\0' and < '\u0080' ? (byte)text[0] : throw new FormatException($"{name} is one ASCII character, not '{text}'");
}

/// <summary>Where a field comes from: a column or a constant; neither for a kind by rules.</summary>
internal sealed record CsvFieldPlan(Field Field, string? Column, byte[]? Constant);

/// <summary>A rule for the kind: the column equals or begins with the value. Without a column it always applies.</summary>
internal sealed record CsvKindPlan(string? Column, byte[] Value, bool IsPrefix, DeltaKind Kind);

/// <summary>Reads numbers as a mapping writes them.</summary>
internal sealed class CsvNumbers
{
    private readonly NumberFormatInfo _format;
    private readonly NumberStyles _groups;

    public CsvNumbers(string decimalSeparator, string? groupSeparator)
    {
        if (decimalSeparator.Length == 0 || decimalSeparator == groupSeparator || groupSeparator is { Length: 0 })
        {
            throw new FormatException("decimalSeparator and groupSeparator are different and not empty");
        }

        _format = (NumberFormatInfo)NumberFormatInfo.InvariantInfo.Clone();
        _format.NumberDecimalSeparator = decimalSeparator;
        _format.NumberGroupSeparator = groupSeparator ?? "\u0001";
        _groups = groupSeparator is null ? NumberStyles.None : NumberStyles.AllowThousands;
    }

    public bool TryParse(ReadOnlySpan<byte> text, out double value) =>
        double.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent | _groups, _format, out value);

    public bool TryParse(ReadOnlySpan<byte> text, out long value) => long.TryParse(text, NumberStyles.AllowLeadingSign | _groups, _format, out value);
}
