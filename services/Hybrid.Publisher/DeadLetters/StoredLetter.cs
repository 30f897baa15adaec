using System.Globalization;
using System.Text;
using Confluent.Kafka;
using Hybrid.Contracts.Topics;

namespace Hybrid.Publisher.DeadLetters;

/// <summary>A dead letter as it lies in its topic.</summary>
public sealed record StoredLetter
{
    /// <summary>Where it stands.</summary>
    public required LetterPosition Position { get; init; }

    /// <summary>When it was written, wall time.</summary>
    public required DateTimeOffset Written { get; init; }

    /// <summary>The original bytes; the first of them when <see cref="OriginalLength"/> is set.</summary>
    public required byte[] Content { get; init; }

    /// <summary>The class of the error, one of <see cref="Pipeline.DeadLetters.ErrorClasses"/>.</summary>
    public required string ErrorClass { get; init; }

    /// <summary>The error in one line.</summary>
    public required string Error { get; init; }

    /// <summary>The source's name; null when the letter does not tell.</summary>
    public string? Source { get; init; }

    /// <summary>The object's key; null for a lane's letter.</summary>
    public string? ObjectKey { get; init; }

    /// <summary>The object's ETag when it was read.</summary>
    public string? ETag { get; init; }

    /// <summary>The line within the object, from 1.</summary>
    public long? Line { get; init; }

    /// <summary>The byte within the line, from 1.</summary>
    public long? Column { get; init; }

    /// <summary>The name of the source's partition; null when the letter does not tell.</summary>
    public string? Partition { get; init; }

    /// <summary>How often the object had been replaced under its key.</summary>
    public int Generation { get; init; }

    /// <summary>How long the content was before it was cut, bytes; null when it is whole.</summary>
    public long? OriginalLength { get; init; }

    /// <summary>The header row of the CSV object that the content is a row of; null when the letter does not tell.</summary>
    public byte[]? CsvHeader { get; init; }

    /// <summary>The lane that gave up; null for the publisher.</summary>
    public string? Lane { get; init; }

    /// <summary>A lane's letter: the record, <c>topic[partition]@offset</c>.</summary>
    public string? Record { get; init; }

    /// <summary>When it was published again, wall time; null when it was not.</summary>
    public DateTimeOffset? Replayed { get; init; }

    /// <summary>The message as it was read.</summary>
    internal Message<byte[], byte[]> Message { get; init; } = new();

    /// <summary>Reads a record of the dead letter topic.</summary>
    internal static StoredLetter From(ConsumeResult<byte[], byte[]> record)
    {
        var headers = record.Message.Headers;
        return new StoredLetter
        {
            Position = new LetterPosition(record.Partition.Value, record.Offset.Value),
            Written = new DateTimeOffset(record.Message.Timestamp.UtcDateTime),
            Content = record.Message.Value ?? [],
            ErrorClass = Text(headers, RecordHeaders.DeadLetterErrorClass) ?? "unknown",
            Error = Text(headers, RecordHeaders.DeadLetterError) ?? "",
            Source = Text(headers, RecordHeaders.DeadLetterSource),
            ObjectKey = Text(headers, RecordHeaders.DeadLetterObject),
            ETag = Text(headers, RecordHeaders.DeadLetterETag),
            Line = Number(headers, RecordHeaders.DeadLetterLine),
            Column = Number(headers, RecordHeaders.DeadLetterColumn),
            Partition = Text(headers, RecordHeaders.DeadLetterPartition),
            Generation = (int)(Number(headers, RecordHeaders.DeadLetterGeneration) ?? 0),
            OriginalLength = Number(headers, RecordHeaders.DeadLetterOriginalLength),
            CsvHeader = headers.TryGetLastBytes(RecordHeaders.DeadLetterCsvHeader, out var header) ? header : null,
            Lane = Text(headers, RecordHeaders.DeadLetterLane),
            Record = Text(headers, RecordHeaders.DeadLetterRecord),
            Message = record.Message,
        };
    }

    private static string? Text(Headers headers, string name) =>
        headers.TryGetLastBytes(name, out var bytes) ? Encoding.UTF8.GetString(bytes) : null;

    private static long? Number(Headers headers, string name) =>
        long.TryParse(Text(headers, name), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
