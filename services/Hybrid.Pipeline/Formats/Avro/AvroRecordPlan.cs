using System.Text;
using System.Text.Unicode;
using Hybrid.Contracts.Records;
using Hybrid.Pipeline.Avro;
using Hybrid.Pipeline.DeadLetters;
using Hybrid.Pipeline.Lines;

namespace Hybrid.Pipeline.Formats.Avro;

/// <summary>
/// Reads source records that were written with one schema: fields are found by their names (the schema resolution of the Avro specification),
/// those that we do not know are skipped, numbers are widened; beyond the specification, a kind may be a string, and a time a string in ISO 8601
/// or a timestamp in micro- or nanoseconds. Not for concurrent use.
/// </summary>
internal sealed class AvroRecordPlan
{
    private readonly (Field Field, AvroSchema Schema)[] _steps;

    /// <exception cref="InvalidDataException">The schema is not one of records like ours.</exception>
    public AvroRecordPlan(AvroSchema writer)
    {
        if (writer.Type != AvroType.Record)
        {
            throw new InvalidDataException("its schema is not one of a record");
        }

        _steps = [.. writer.Fields.Select(field => (FieldOf(field.Name), field.Schema))];
        foreach (var required in (Field[])[Field.DocumentId, Field.Kind, Field.EventTime])
        {
            if (_steps.All(step => step.Field != required))
            {
                throw new InvalidDataException($"its schema has no field {SourceLineParser.Name(required)}");
            }
        }

        foreach (var (field, schema) in _steps.Where(step => step.Field != Field.Unknown))
        {
            foreach (var branch in schema.Type == AvroType.Union ? schema.Branches : [schema])
            {
                if (branch.Type != AvroType.Null && !CanRead(field, branch))
                {
                    throw new InvalidDataException($"its schema has {SourceLineParser.Name(field)} as {branch.Type.ToString().ToLowerInvariant()}, which is not read");
                }
            }
        }
    }

    /// <summary>Reads one record; always to its end.</summary>
    /// <returns>What is wrong with what it says; null when nothing is.</returns>
    /// <exception cref="DeltaFormatException">The bytes are not a record, so that nothing after it can be found.</exception>
    public LineError? Read(ref AvroBinaryReader reader, ref LineFields fields)
    {
        LineError? error = null;
        foreach (ref readonly var step in _steps.AsSpan())
        {
            if (step.Field == Field.Unknown)
            {
                AvroSkip.Value(ref reader, step.Schema);
                continue;
            }

            var schema = AvroSkip.Branch(ref reader, step.Schema);
            if (schema.Type != AvroType.Null)
            {
                var problem = ReadValue(ref reader, step.Field, schema, ref fields);
                error ??= problem;
            }
        }

        return error ?? fields.Missing();
    }

    private static LineError? ReadValue(ref AvroBinaryReader reader, Field field, AvroSchema schema, ref LineFields fields)
    {
        switch (field)
        {
            case Field.DocumentId:
                return ReadText(ref reader, field, out fields.DocumentId);
            case Field.Kind:
                return ReadKind(ref reader, schema, ref fields);
            case Field.EventTime:
                return ReadTime(ref reader, schema, ref fields);
            case Field.Title:
                return ReadText(ref reader, field, out fields.Title);
            case Field.Category:
                return ReadText(ref reader, field, out fields.Category);
            case Field.Price:
                var price = schema.Type switch { AvroType.Double => reader.Double(), AvroType.Float => reader.Float(), _ => reader.Long() };
                fields.Price = price;
                return double.IsFinite(price) ? null : new LineError(ErrorClasses.OutOfRange, "price is no finite number");
            case Field.Quantity:
                fields.Quantity = reader.Long();
                return null;
            case Field.Campaign:
                return ReadText(ref reader, field, out fields.Campaign);
            default:
                return ReadRelated(ref reader, out fields.Related);
        }
    }

    private static LineError? ReadText(ref AvroBinaryReader reader, Field field, out string? text)
    {
        var bytes = reader.Bytes();
        text = Utf8.IsValid(bytes) ? Encoding.UTF8.GetString(bytes) : null;
        return text is null ? new LineError(ErrorClasses.InvalidUtf8, $"{SourceLineParser.Name(field)} is not UTF-8") : null;
    }

    private static LineError? ReadKind(ref AvroBinaryReader reader, AvroSchema schema, ref LineFields fields)
    {
        if (schema.Type == AvroType.Enum)
        {
            var index = reader.Long();
            if (index < 0 || index >= schema.Symbols.Count)
            {
                throw new DeltaFormatException($"kind has no symbol {index}");
            }

            var symbol = schema.Symbols[(int)index];
            fields.Kind = symbol switch { "upsert" => DeltaKind.Upsert, "delete" => DeltaKind.Delete, "signal" => DeltaKind.Signal, _ => null };
            return fields.Kind is null ? Unknown(symbol) : null;
        }

        var name = reader.Bytes();
        fields.Kind = Csv.CsvPlan.KindOf(name);
        return fields.Kind is null ? Unknown(Encoding.UTF8.GetString(name)) : null;
    }

    private static LineError? ReadTime(ref AvroBinaryReader reader, AvroSchema schema, ref LineFields fields)
    {
        long milliseconds;
        if (schema.Type == AvroType.String)
        {
            var text = reader.Bytes();
            if (!EventTimes.TryParseIso(text, out milliseconds))
            {
                return new LineError(
                    ErrorClasses.WrongType,
                    $"eventTime is '{Excerpt.Of(Encoding.UTF8.GetString(text))}', not ISO 8601 with an offset such as 2011-12-01T08:05:00Z");
            }
        }
        else
        {
            var value = reader.Long();
            milliseconds = schema.LogicalType switch
            {
                "timestamp-micros" or "local-timestamp-micros" => Floor(value, 1_000),
                "timestamp-nanos" or "local-timestamp-nanos" => Floor(value, 1_000_000),
                _ => value,
            };
        }

        fields.EventTime = milliseconds;
        return EventTimes.CheckRange(milliseconds);
    }

    private static LineError? ReadRelated(ref AvroBinaryReader reader, out string[]? related)
    {
        var texts = new List<string>();
        LineError? error = null;
        for (var count = reader.BlockCount(); count > 0; count = reader.BlockCount())
        {
            if (count > reader.Remaining)
            {
                throw new DeltaFormatException($"a block of {count} texts does not fit the {reader.Remaining} bytes left");
            }

            for (; count > 0; count--)
            {
                error = ReadText(ref reader, Field.Related, out var text) ?? error;
                texts.Add(text ?? "");
            }
        }

        related = texts.Count == 0 ? [] : [.. texts];
        return error;
    }

    private static long Floor(long value, long unit) => (value / unit) - (value % unit < 0 ? 1 : 0);

    private static LineError Unknown(string kind) => new(ErrorClasses.UnknownKind, $"kind is '{Excerpt.Of(kind)}', not upsert, delete or signal");

    private static Field FieldOf(string name)
    {
        foreach (var field in Enum.GetValues<Field>())
        {
            if (field != Field.Unknown && SourceLineParser.Name(field) == name)
            {
                return field;
            }
        }

        return Field.Unknown;
    }

    private static bool CanRead(Field field, AvroSchema schema) => field switch
    {
        Field.Kind => schema.Type is AvroType.Enum or AvroType.String,
        Field.EventTime => schema.Type is AvroType.Long or AvroType.String,
        Field.Price => schema.Type is AvroType.Int or AvroType.Long or AvroType.Float or AvroType.Double,
        Field.Quantity => schema.Type is AvroType.Int or AvroType.Long,
        Field.Related => schema is { Type: AvroType.Array, Items.Type: AvroType.String or AvroType.Bytes },
        _ => schema.Type is AvroType.String or AvroType.Bytes,
    };
}
