using System.Globalization;
using System.Text;
using Confluent.Kafka;
using Hybrid.Contracts.Topics;

namespace Hybrid.Pipeline.DeadLetters;

/// <summary>Something that could not be processed, kept as it was. Its place and error become headers (<see cref="RecordHeaders"/>).</summary>
/// <param name="Content">The original bytes; cut to <see cref="MaxContentBytes"/> in the message.</param>
/// <param name="ErrorClass">One of <see cref="ErrorClasses"/>.</param>
/// <param name="Error">The error in one line.</param>
public sealed record DeadLetter(ReadOnlyMemory<byte> Content, string ErrorClass, string Error)
{
    /// <summary>How many bytes of the content a message holds at most, so that no broker refuses it.</summary>
    public const int MaxContentBytes = 512 * 1024;

    /// <summary>How long a header row may be for a message to hold it, bytes: it goes with every dead letter of its object.</summary>
    public const int MaxCsvHeaderBytes = 16 * 1024;

    private const int MaxErrorCharacters = 1_000;

    /// <summary>The source's name; null when it is not known.</summary>
    public string? Source { get; init; }

    /// <summary>The name of the source's partition; null when it is not known.</summary>
    public string? Partition { get; init; }

    /// <summary>How often the object had been replaced under its key.</summary>
    public int Generation { get; init; }

    /// <summary>The object; null when it is not known.</summary>
    public string? ObjectKey { get; init; }

    /// <summary>The object's ETag; null when it is not known.</summary>
    public string? ETag { get; init; }

    /// <summary>The line within the object, from 1; null when it is not known.</summary>
    public long? Line { get; init; }

    /// <summary>Where in the line it is wrong, in bytes from 1; null when it is not known.</summary>
    public long? Column { get; init; }

    /// <summary>The header row of the CSV object that the content is a row of; empty when it is none.</summary>
    public ReadOnlyMemory<byte> CsvHeader { get; init; }

    /// <summary>The lane that gave up; null for the publisher.</summary>
    public string? Lane { get; init; }

    /// <summary>How long the content was before anything was cut off, bytes; null when <see cref="Content"/> is whole.</summary>
    public long? OriginalLength { get; init; }

    /// <summary>Makes the message for the dead letter topic; its key is the object's, or null.</summary>
    public Message<byte[], byte[]> ToMessage()
    {
        var kept = Content.Length <= MaxContentBytes ? Content : Content[..MaxContentBytes];
        var original = OriginalLength ?? Content.Length;
        var headers = new Headers();
        Add(headers, RecordHeaders.DeadLetterErrorClass, ErrorClass);
        Add(headers, RecordHeaders.DeadLetterError, Error.Length <= MaxErrorCharacters ? Error : Error[..MaxErrorCharacters]);
        Add(headers, RecordHeaders.DeadLetterSource, Source);
        Add(headers, RecordHeaders.DeadLetterPartition, Partition);
        Add(headers, RecordHeaders.DeadLetterGeneration, Generation == 0 ? null : Generation.ToString(CultureInfo.InvariantCulture));
        Add(headers, RecordHeaders.DeadLetterObject, ObjectKey);
        Add(headers, RecordHeaders.DeadLetterETag, ETag);
        Add(headers, RecordHeaders.DeadLetterLine, Line?.ToString(CultureInfo.InvariantCulture));
        Add(headers, RecordHeaders.DeadLetterColumn, Column?.ToString(CultureInfo.InvariantCulture));
        Add(headers, RecordHeaders.DeadLetterLane, Lane);
        if (original > kept.Length)
        {
            Add(headers, RecordHeaders.DeadLetterOriginalLength, original.ToString(CultureInfo.InvariantCulture));
        }

        if (CsvHeader.Length is > 0 and <= MaxCsvHeaderBytes)
        {
            headers.Add(RecordHeaders.DeadLetterCsvHeader, CsvHeader.ToArray());
        }

        return new Message<byte[], byte[]>
        {
            Key = ObjectKey is null ? null! : Encoding.UTF8.GetBytes(ObjectKey),
            Value = kept.ToArray(),
            Headers = headers,
        };
    }

    private static void Add(Headers headers, string name, string? value)
    {
        if (value is not null)
        {
            headers.Add(name, Encoding.UTF8.GetBytes(value));
        }
    }
}
