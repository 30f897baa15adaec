using Hybrid.Contracts.Records;
using Hybrid.Pipeline.DeadLetters;
using Hybrid.Pipeline.Formats;
using Hybrid.Pipeline.Formats.Csv;
using Hybrid.Pipeline.Lines;

namespace Hybrid.Publisher.DeadLetters;

/// <summary>
/// Reads the line of a dead letter as the publisher would have read it, by the format of its object. A correction may be a JSON line whatever
/// that format is; for a CSV object it is a row under the letter's header unless it begins with a brace.
/// </summary>
/// <param name="formats">How CSV rows are read now.</param>
internal sealed class LetterParser(FormatSettings formats)
{
    /// <summary>Reads a letter.</summary>
    /// <param name="letter">The letter; it tells its object.</param>
    /// <param name="corrected">The operator's bytes; null for the original ones.</param>
    /// <param name="position">Where its line stands.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The delta, or why there is none.</returns>
    public async ValueTask<(CatalogDelta? Delta, LineError? Error)> ParseAsync(
        StoredLetter letter, byte[]? corrected, SourcePosition position, CancellationToken cancellationToken)
    {
        switch (FormatOf(letter))
        {
            case SourceFormat.Csv when corrected is null || !IsJson(letter, corrected):
                return letter.CsvHeader is { } header
                    ? await CsvRow.ParseAsync(header, corrected ?? letter.Content, position, formats, cancellationToken).ConfigureAwait(false)
                    : (null, new LineError(
                        letter.ErrorClass,
                        $"it does not hold the header row of its CSV object (an older dead letter, or a header of more than {DeadLetter.MaxCsvHeaderBytes} bytes): "
                        + "put the object again, or give its line as JSON with --corrected"));
            case SourceFormat.Avro when corrected is null:
                return (null, new LineError(
                    letter.ErrorClass,
                    "it is of an Avro object, whose records are not replayed from their bytes: put the object again, or give the record as a JSON line with --corrected"));
            default:
                return SourceLineParser.TryParse(corrected ?? letter.Content, position, out var delta, out var error) ? (delta, null) : (null, error);
        }
    }

    /// <summary>The format that the letter tells, or else its object's name, or else its error; a line of JSON otherwise.</summary>
    private static SourceFormat FormatOf(StoredLetter letter) =>
        letter.CsvHeader is not null ? SourceFormat.Csv
        : ObjectExtensions.FormatOf(letter.ObjectKey!) ?? letter.ErrorClass switch
        {
            ErrorClasses.MalformedCsv => SourceFormat.Csv,
            ErrorClasses.CorruptBlock => SourceFormat.Avro,
            _ => SourceFormat.Ndjson,
        };

    /// <summary>Whether a correction is a JSON line: what was exported and not edited is a row, whatever it begins with.</summary>
    private static bool IsJson(StoredLetter letter, byte[] corrected) =>
        corrected.AsSpan().TrimStart(" \t\r\n"u8).StartsWith("{"u8) && !corrected.AsSpan().SequenceEqual(letter.Content);
}
