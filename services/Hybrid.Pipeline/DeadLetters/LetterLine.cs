using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Unicode;

namespace Hybrid.Pipeline.DeadLetters;

/// <summary>
/// A dead letter as one line of JSON, for places other than Kafka. The content is text where it is UTF-8, and base64 otherwise: one of the
/// two is there. The names are those of <c>hybrid dlq export</c>.
/// </summary>
internal sealed record LetterLine
{
    public string? Source { get; init; }

    public string? Object { get; init; }

    [JsonPropertyName("etag")]
    public string? ETag { get; init; }

    public string? Partition { get; init; }

    public int Generation { get; init; }

    public long? Line { get; init; }

    public long? Column { get; init; }

    public required string Class { get; init; }

    public required string Error { get; init; }

    public string? Lane { get; init; }

    public long? OriginalLength { get; init; }

    public string? CsvHeader { get; init; }

    public string? Content { get; init; }

    public byte[]? ContentBase64 { get; init; }

    public static LetterLine Of(DeadLetter letter)
    {
        var kept = letter.Content.Length <= DeadLetter.MaxContentBytes ? letter.Content : letter.Content[..DeadLetter.MaxContentBytes];
        var original = letter.OriginalLength ?? letter.Content.Length;
        var isText = Utf8.IsValid(kept.Span);
        return new LetterLine
        {
            Source = letter.Source,
            Object = letter.ObjectKey,
            ETag = letter.ETag,
            Partition = letter.Partition,
            Generation = letter.Generation,
            Line = letter.Line,
            Column = letter.Column,
            Class = letter.ErrorClass,
            Error = letter.Error,
            Lane = letter.Lane,
            OriginalLength = original > kept.Length ? original : null,
            CsvHeader = letter.CsvHeader.IsEmpty ? null : System.Text.Encoding.UTF8.GetString(letter.CsvHeader.Span),
            Content = isText ? System.Text.Encoding.UTF8.GetString(kept.Span) : null,
            ContentBase64 = isText ? null : kept.ToArray(),
        };
    }

    /// <summary>Writes the line and its end.</summary>
    public void WriteTo(Stream stream)
    {
        JsonSerializer.Serialize(stream, this, LetterLineContext.Relaxed.LetterLine);
        stream.WriteByte((byte)'\n');
    }
}

[JsonSerializable(typeof(LetterLine))]
internal sealed partial class LetterLineContext : JsonSerializerContext
{
    /// <summary>Quotes and other scripts as they are, so that a line can be read in an editor.</summary>
    public static LetterLineContext Relaxed { get; } = new(new JsonSerializerOptions(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
