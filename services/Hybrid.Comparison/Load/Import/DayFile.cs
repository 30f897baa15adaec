using System.Globalization;
using CsvHelper;
using CsvHelper.Configuration;
using Hybrid.Pipeline.Hosting;
using Hybrid.Pipeline.Lines;

namespace Hybrid.Comparison.Load.Import;

/// <summary>The file of one day.</summary>
/// <param name="Day">The day.</param>
/// <param name="Path">Its path.</param>
internal sealed record DayFile(DateOnly Day, string Path)
{
    private static readonly CsvConfiguration s_format = new(CultureInfo.InvariantCulture)
    {
        BadDataFound = null,
        MissingFieldFound = null,
        IgnoreBlankLines = true,
    };

    /// <summary>The files of a directory whose names are days, in order.</summary>
    /// <exception cref="HybridException">The directory does not exist, or holds no day in the range.</exception>
    public static IReadOnlyList<DayFile> Find(ImportOptions options)
    {
        if (!Directory.Exists(options.InputDirectory))
        {
            throw HybridException.WrongCall($"the input directory {options.InputDirectory} does not exist: give the one with the files YYYY-MM-DD.csv.gz");
        }

        if (options.From > options.To)
        {
            throw HybridException.WrongCall($"the first day {options.From:yyyy-MM-dd} is after the last {options.To:yyyy-MM-dd}");
        }

        var days = Directory.GetFiles(options.InputDirectory)
            .Select(path => (Name: System.IO.Path.GetFileName(path), Path: path))
            .Where(file => file.Name.EndsWith(".csv", StringComparison.Ordinal) || file.Name.EndsWith(".csv.gz", StringComparison.Ordinal))
            .Select(file => DateOnly.TryParseExact(file.Name[..file.Name.IndexOf('.')], "yyyy-MM-dd", out var day) ? new DayFile(day, file.Path) : null)
            .OfType<DayFile>()
            .Where(file => (options.From is null || file.Day >= options.From) && (options.To is null || file.Day <= options.To))
            .OrderBy(file => file.Day)
            .ThenBy(file => file.Path, StringComparer.Ordinal)
            .ToArray();
        if (days.Length == 0)
        {
            throw HybridException.WrongCall(
                $"the input directory {options.InputDirectory} holds no file YYYY-MM-DD.csv.gz or YYYY-MM-DD.csv in the days asked for: correct the directory, --from or --to");
        }

        if (days.GroupBy(file => file.Day).FirstOrDefault(files => files.Count() > 1) is { } twice)
        {
            throw HybridException.WrongCall($"the day {twice.Key:yyyy-MM-dd} is there twice ({string.Join(", ", twice.Select(file => file.Path))}): remove one");
        }

        return days;
    }

    /// <summary>Reads the lines.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="HybridException">The file is not of this data set, truncated or damaged.</exception>
    public async Task<List<RetailLine>> ReadAsync(CancellationToken cancellationToken)
    {
        var lines = new List<RetailLine>();
        try
        {
            await using var file = File.OpenRead(Path);
            await using var content = Path.EndsWith(".gz", StringComparison.Ordinal) ? (Stream)new VerifiedGzipStream(file) : file;
            using var text = new StreamReader(content);
            using var csv = new CsvParser(text, s_format);
            if (!await csv.ReadAsync().ConfigureAwait(false) || !csv.Record.AsSpan().SequenceEqual(RetailLine.Columns))
            {
                throw HybridException.WrongCall($"{Path} does not begin with the header {string.Join(',', RetailLine.Columns)}: it is not of the online retail data set");
            }

            while (await csv.ReadAsync().ConfigureAwait(false))
            {
                cancellationToken.ThrowIfCancellationRequested();
                lines.Add(RetailLine.Read(csv.Record, csv.RawRecord));
            }

            return lines;
        }
        catch (InvalidDataException damaged)
        {
            throw new HybridException(
                ExitCodes.WrongCall, $"{Path} is truncated or damaged after {lines.Count} lines ({damaged.Message}): fetch it again", damaged);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new HybridException(ExitCodes.WrongCall, $"{Path} cannot be read ({failure.Message})", failure);
        }
    }
}
