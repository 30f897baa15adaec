using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Unicode;

namespace Hybrid.Publisher.DeadLetters;

/// <summary>A dead letter as one line of JSON. The content is text where it is UTF-8, and base64 otherwise: one of the two is there.</summary>
internal sealed record LetterJson
{
    public required string Position { get; init; }

    public DateTimeOffset? Written { get; init; }

    public string? Source { get; init; }

    public string? Object { get; init; }

    [JsonPropertyName("etag")]
    public string? ETag { get; init; }

    public string? Partition { get; init; }

    public long? Line { get; init; }

    public long? Column { get; init; }

    public string? Class { get; init; }

    public string? Error { get; init; }

    public string? Lane { get; init; }

    public string? Record { get; init; }

    public long? OriginalLength { get; init; }

    /// <summary>The header row that a CSV line stands under, to be read: a replay takes the dead letter's own.</summary>
    public string? CsvHeader { get; init; }

    public DateTimeOffset? Replayed { get; init; }

    public string? Content { get; init; }

    public byte[]? ContentBase64 { get; init; }

    /// <summary>The content's bytes; null when the line has none.</summary>
    [JsonIgnore]
    public byte[]? Bytes => ContentBase64 ?? (Content is null ? null : System.Text.Encoding.UTF8.GetBytes(Content));

    public static LetterJson Of(StoredLetter letter)
    {
        var isText = Utf8.IsValid(letter.Content);
        return new LetterJson
        {
            Position = letter.Position.ToString(),
            Written = letter.Written,
            Source = letter.Source,
            Object = letter.ObjectKey,
            ETag = letter.ETag,
            Partition = letter.Partition,
            Line = letter.Line,
            Column = letter.Column,
            Class = letter.ErrorClass,
            Error = letter.Error,
            Lane = letter.Lane,
            Record = letter.Record,
            OriginalLength = letter.OriginalLength,
            CsvHeader = letter.CsvHeader is { } header ? System.Text.Encoding.UTF8.GetString(header) : null,
            Replayed = letter.Replayed,
            Content = isText ? System.Text.Encoding.UTF8.GetString(letter.Content) : null,
            ContentBase64 = isText ? null : letter.Content,
        };
    }

    public string ToLine() => JsonSerializer.Serialize(this, LetterJsonContext.Relaxed.LetterJson);

    /// <exception cref="JsonException">The line is not one.</exception>
    public static LetterJson Parse(string line) =>
        JsonSerializer.Deserialize(line, LetterJsonContext.Relaxed.LetterJson) ?? throw new JsonException("null is no dead letter");
}

[JsonSerializable(typeof(LetterJson))]
internal sealed partial class LetterJsonContext : JsonSerializerContext
{
    /// <summary>Quotes and other scripts as they are, so that a line can be read and corrected in an editor.</summary>
    public static LetterJsonContext Relaxed { get; } = new(new JsonSerializerOptions(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
