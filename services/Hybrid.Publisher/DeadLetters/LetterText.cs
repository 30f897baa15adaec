using System.Globalization;
using System.Text;
using System.Text.Unicode;

namespace Hybrid.Publisher.DeadLetters;

/// <summary>Dead letters and replays for people.</summary>
public static class LetterText
{
    private const int LongestObject = 48;
    private const int LongestError = 70;
    private const int BytesOfARow = 16;

    /// <summary>So many dead letters, in words.</summary>
    /// <param name="count">How many.</param>
    public static string Count(int count) => count == 1 ? "1 dead letter" : string.Create(CultureInfo.InvariantCulture, $"{count} dead letters");

    /// <summary>Writes a table, and below it how many there are.</summary>
    /// <param name="letters">The letters.</param>
    /// <param name="limit">How many of them at most; null for all.</param>
    /// <param name="output">Where it goes.</param>
    public static void WriteList(IEnumerable<StoredLetter> letters, int? limit, TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(letters);
        ArgumentNullException.ThrowIfNull(output);
        var count = 0;
        foreach (var letter in letters)
        {
            if (count++ == 0)
            {
                output.WriteLine($"{"position",-10} {"written",-20} {"place",-LongestObject} {"class",-18} error");
            }

            var replayed = letter.Replayed is null ? "" : "[replayed] ";
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{letter.Position,-10} {letter.Written.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'} {End(Place(letter), LongestObject),-LongestObject} {letter.ErrorClass,-18} {replayed}{Begin(letter.Error, LongestError)}"));
        }

        output.WriteLine(count == 0 ? "no dead letters" : count == limit ? $"the first {Count(count)}; more with --limit" : Count(count));
    }

    /// <summary>Writes everything that is known of one letter, and its bytes: as text where they are text, else in hexadecimal.</summary>
    /// <param name="letter">The letter.</param>
    /// <param name="output">Where it goes.</param>
    public static void WriteWhole(StoredLetter letter, TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(letter);
        ArgumentNullException.ThrowIfNull(output);
        foreach (var (name, value) in new (string Name, string? Value)[]
        {
            ("position", letter.Position.ToString()),
            ("written", Time(letter.Written)),
            ("source", letter.Source),
            ("object", letter.ObjectKey),
            ("etag", letter.ETag),
            ("partition", letter.Partition),
            ("generation", letter.Generation == 0 ? null : letter.Generation.ToString(CultureInfo.InvariantCulture)),
            ("line", letter.Line?.ToString(CultureInfo.InvariantCulture)),
            ("column", letter.Column?.ToString(CultureInfo.InvariantCulture)),
            ("csv header", letter.CsvHeader is { } header ? Encoding.UTF8.GetString(header).ReplaceLineEndings(" ") : null),
            ("lane", letter.Lane),
            ("record", letter.Record),
            ("class", letter.ErrorClass),
            ("error", letter.Error),
            ("replayed", letter.Replayed is { } at ? Time(at) : "no"),
            ("bytes", letter.OriginalLength is { } whole ? $"{letter.Content.Length} of {whole}" : letter.Content.Length.ToString(CultureInfo.InvariantCulture)),
        })
        {
            if (value is not null)
            {
                output.WriteLine($"{name,-11}{value}");
            }
        }

        output.WriteLine();
        if (Utf8.IsValid(letter.Content) && !letter.Content.AsSpan().ContainsAnyInRange((byte)0, (byte)8))
        {
            output.WriteLine(Encoding.UTF8.GetString(letter.Content));
        }
        else
        {
            WriteHexadecimal(letter.Content, output);
        }
    }

    /// <summary>Writes what a replay did.</summary>
    /// <param name="outcome">What it did.</param>
    /// <param name="dryRun">Whether it only would.</param>
    /// <param name="output">Where it goes.</param>
    public static void WriteOutcome(ReplayOutcome outcome, bool dryRun, TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(outcome);
        ArgumentNullException.ThrowIfNull(output);
        foreach (var example in outcome.StillDeadExamples)
        {
            output.WriteLine($"stays dead: {example}");
        }

        var dead = outcome.StillDead.Values.Sum();
        if (dead > outcome.StillDeadExamples.Count)
        {
            output.WriteLine($"stays dead: and {dead - outcome.StillDeadExamples.Count} more");
        }

        var classes = dead == 0 ? "" : $" ({string.Join(", ", outcome.StillDead.Select(each => $"{each.Value} {each.Key}"))})";
        output.WriteLine(
            $"{Count(outcome.Letters)}: {outcome.Published} {(dryRun ? "would be published" : "published")}, {outcome.AlreadyReplayed} had been published before, {dead} {(dead == 1 ? "stays" : "stay")} dead{classes}");
    }

    /// <summary>Shows how a replay goes, a line every few seconds.</summary>
    /// <param name="output">Where the lines go.</param>
    public sealed class Progress(TextWriter output) : IProgress<int>
    {
        private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

        private long _last = TimeProvider.System.GetTimestamp();

        /// <inheritdoc/>
        public void Report(int value)
        {
            if (TimeProvider.System.GetElapsedTime(_last) >= Interval)
            {
                _last = TimeProvider.System.GetTimestamp();
                output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{value:N0} dead letters done"));
            }
        }
    }

    private static void WriteHexadecimal(byte[] content, TextWriter output)
    {
        for (var start = 0; start < content.Length; start += BytesOfARow)
        {
            var row = content.AsSpan(start, Math.Min(BytesOfARow, content.Length - start));
            var text = string.Concat(row.ToArray().Select(value => value is >= 0x20 and < 0x7F ? (char)value : '.'));
            var hexadecimal = string.Join(' ', row.ToArray().Select(value => value.ToString("x2", CultureInfo.InvariantCulture)));
            output.WriteLine($"{start:x8}  {hexadecimal,-48} {text}");
        }
    }

    private static string Place(StoredLetter letter) => letter.ObjectKey is { } key
        ? string.Create(CultureInfo.InvariantCulture, $"{key}:{letter.Line}{(letter.Column is { } column ? $":{column}" : "")}")
        : $"{letter.Lane} {letter.Record}";

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private static string Begin(string text, int length) => text.Length <= length ? text : text[..(length - 1)] + "…";

    private static string End(string text, int length) => text.Length <= length ? text : "…" + text[^(length - 1)..];
}
