using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Unicode;
using Hybrid.Contracts.Records;
using Hybrid.Pipeline.DeadLetters;

namespace Hybrid.Pipeline.Lines;

/// <summary>
/// Reads one line of a source object: a JSON object (RFC 8259) with the fields of <see cref="CatalogDelta"/> except version and partition.
/// <c>documentId</c>, <c>kind</c> (upsert, delete, signal) and <c>eventTime</c> (ISO 8601 with an offset, or milliseconds since
/// 1970-01-01T00:00:00Z) are in every line. Fields it does not know are ignored; everything else is strict.
/// </summary>
public static class SourceLineParser
{
    /// <summary>Reads a line.</summary>
    /// <param name="line">The line without its end, UTF-8.</param>
    /// <param name="position">Where it stands.</param>
    /// <param name="delta">The delta, when the line is one.</param>
    /// <param name="error">Why it is none: one of <see cref="ErrorClasses"/> and a message.</param>
    /// <returns>Whether the line is a delta.</returns>
    public static bool TryParse(
        ReadOnlySpan<byte> line,
        in SourcePosition position,
        [NotNullWhen(true)] out CatalogDelta? delta,
        [NotNullWhen(false)] out LineError? error)
    {
        delta = null;
        if (!Utf8.IsValid(line))
        {
            error = InvalidUtf8.Error(line);
            return false;
        }

        var fields = default(LineFields);
        try
        {
            error = Read(line, ref fields);
        }
        catch (JsonException failure)
        {
            error = new LineError(ErrorClasses.MalformedJson, $"not JSON: {failure.Message.ReplaceLineEndings(" ")}") { Column = failure.BytePositionInLine + 1 };
        }
        catch (InvalidOperationException)
        {
            error = new LineError(ErrorClasses.InvalidUtf8, "an escape sequence names half a surrogate pair");
        }

        error ??= fields.Missing();
        if (error is not null)
        {
            return false;
        }

        delta = fields.ToDelta(position);
        return true;
    }

    private static LineError? Read(ReadOnlySpan<byte> line, ref LineFields fields)
    {
        var reader = new Utf8JsonReader(line);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            return new LineError(ErrorClasses.MalformedJson, "the line is not a JSON object") { Column = reader.TokenStartIndex + 1 };
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var field = Identify(ref reader);
            var name = reader.TokenStartIndex;
            reader.Read();
            if (field == Field.Unknown)
            {
                reader.Skip();
                continue;
            }

            if (!fields.Claim(field))
            {
                return new LineError(ErrorClasses.DuplicateField, $"{Name(field)} occurs twice") { Column = name + 1 };
            }

            var value = reader.TokenStartIndex;
            if (reader.TokenType != JsonTokenType.Null && ReadValue(ref reader, field, ref fields) is { } error)
            {
                return error with { Column = value + 1 };
            }
        }

        reader.Read();
        return null;
    }

    private static LineError? ReadValue(ref Utf8JsonReader reader, Field field, ref LineFields fields) => field switch
    {
        Field.DocumentId => ReadText(ref reader, field, out fields.DocumentId),
        Field.Kind => ReadKind(ref reader, out fields.Kind),
        Field.EventTime => EventTimes.Read(ref reader, out fields.EventTime),
        Field.Title => ReadText(ref reader, field, out fields.Title),
        Field.Category => ReadText(ref reader, field, out fields.Category),
        Field.Price => ReadPrice(ref reader, out fields.Price),
        Field.Quantity => ReadQuantity(ref reader, out fields.Quantity),
        Field.Campaign => ReadText(ref reader, field, out fields.Campaign),
        _ => ReadRelated(ref reader, out fields.Related),
    };

    internal static Field Identify(ref Utf8JsonReader reader) =>
        reader.ValueTextEquals("documentId"u8) ? Field.DocumentId
        : reader.ValueTextEquals("kind"u8) ? Field.Kind
        : reader.ValueTextEquals("eventTime"u8) ? Field.EventTime
        : reader.ValueTextEquals("title"u8) ? Field.Title
        : reader.ValueTextEquals("category"u8) ? Field.Category
        : reader.ValueTextEquals("price"u8) ? Field.Price
        : reader.ValueTextEquals("quantity"u8) ? Field.Quantity
        : reader.ValueTextEquals("campaign"u8) ? Field.Campaign
        : reader.ValueTextEquals("related"u8) ? Field.Related
        : Field.Unknown;

    internal static string Name(Field field) => JsonNamingPolicy.CamelCase.ConvertName(field.ToString());

    private static LineError? ReadText(ref Utf8JsonReader reader, Field field, out string? text)
    {
        text = null;
        if (reader.TokenType != JsonTokenType.String)
        {
            return WrongType(ref reader, Name(field), "a string");
        }

        text = reader.GetString();
        return null;
    }

    internal static LineError? ReadKind(ref Utf8JsonReader reader, out DeltaKind? kind)
    {
        kind = null;
        if (reader.TokenType != JsonTokenType.String)
        {
            return WrongType(ref reader, "kind", "a string");
        }

        kind = reader.ValueTextEquals("upsert"u8) ? DeltaKind.Upsert
            : reader.ValueTextEquals("signal"u8) ? DeltaKind.Signal
            : reader.ValueTextEquals("delete"u8) ? DeltaKind.Delete
            : null;
        return kind is null
            ? new LineError(ErrorClasses.UnknownKind, $"kind is '{Excerpt.Of(reader.GetString()!)}', not upsert, delete or signal")
            : null;
    }

    internal static LineError? ReadPrice(ref Utf8JsonReader reader, out double? price)
    {
        price = null;
        if (reader.TokenType != JsonTokenType.Number)
        {
            return WrongType(ref reader, "price", "a number");
        }

        if (!reader.TryGetDouble(out var value) || !double.IsFinite(value))
        {
            return new LineError(ErrorClasses.OutOfRange, "price is beyond a 64-bit floating point number");
        }

        price = value;
        return null;
    }

    internal static LineError? ReadQuantity(ref Utf8JsonReader reader, out long? quantity)
    {
        quantity = null;
        if (reader.TokenType != JsonTokenType.Number)
        {
            return WrongType(ref reader, "quantity", "an integer");
        }

        if (!reader.TryGetInt64(out var value))
        {
            return new LineError(ErrorClasses.OutOfRange, "quantity is not an integer of 64 bits");
        }

        quantity = value;
        return null;
    }

    private static LineError? ReadRelated(ref Utf8JsonReader reader, out string[]? related)
    {
        related = null;
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            return WrongType(ref reader, "related", "an array of strings");
        }

        var count = 0;
        for (var ahead = reader; ahead.Read() && ahead.TokenType != JsonTokenType.EndArray; count++)
        {
            if (ahead.TokenType != JsonTokenType.String)
            {
                return WrongType(ref ahead, "an element of related", "a string");
            }
        }

        related = count == 0 ? [] : new string[count];
        for (var i = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; i++)
        {
            related[i] = reader.GetString()!;
        }

        return null;
    }

    internal static LineError WrongType(ref Utf8JsonReader reader, string field, string expected) =>
        new(ErrorClasses.WrongType, $"{field} is {Describe(reader.TokenType)}, not {expected}");

    private static string Describe(JsonTokenType type) => type switch
    {
        JsonTokenType.StartObject => "an object",
        JsonTokenType.StartArray => "an array",
        JsonTokenType.String => "a string",
        JsonTokenType.Number => "a number",
        JsonTokenType.Null => "null",
        _ => "a boolean",
    };
}
