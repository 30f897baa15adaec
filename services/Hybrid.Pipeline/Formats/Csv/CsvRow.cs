using Hybrid.Contracts.Records;
using Hybrid.Pipeline.DeadLetters;
using Hybrid.Pipeline.Lines;

namespace Hybrid.Pipeline.Formats.Csv;

/// <summary>A row of a CSV object apart from it, read as <see cref="ObjectRecordReader"/> would have read it in its place.</summary>
public static class CsvRow
{
    /// <summary>Reads a row.</summary>
    /// <param name="header">The object's header row.</param>
    /// <param name="row">The row, of any length.</param>
    /// <param name="position">Where it stands in its object.</param>
    /// <param name="settings">The mapping; its limits do not count.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The delta, or why the row is none: one of <see cref="ErrorClasses"/> and a message.</returns>
    public static async ValueTask<(CatalogDelta? Delta, LineError? Error)> ParseAsync(
        ReadOnlyMemory<byte> header, ReadOnlyMemory<byte> row, SourcePosition position, FormatSettings settings, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(settings);
        byte[] rows = [.. header.Span, (byte)'\n', .. row.Span];
        await using var body = new MemoryStream(rows, writable: false);
        await using var content = new DecodedStream(body);
        await using var cursor = new CsvCursor(content, nameof(CsvRow), settings with { MaxLineBytes = rows.Length });
        try
        {
            if (!await cursor.ReadAsync(cancellationToken).ConfigureAwait(false))
            {
                return (null, new LineError(ErrorClasses.MalformedCsv, "it is no row"));
            }

            if (!cursor.TryParse(position, out var delta, out var error))
            {
                return (null, error);
            }

            return await cursor.ReadAsync(cancellationToken).ConfigureAwait(false)
                ? (null, new LineError(ErrorClasses.MalformedCsv, "it is more than one row"))
                : (delta, null);
        }
        catch (CorruptObjectException unsuited)
        {
            return (null, new LineError(ErrorClasses.CorruptObject, $"{(unsuited.InnerException ?? unsuited).Message}: check Source:Mapping"));
        }
    }
}
