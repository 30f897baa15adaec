using System.Globalization;
using System.IO.Compression;
using System.Text;
using Hybrid.Contracts.Partitions;
using Hybrid.Contracts.Records;

namespace Hybrid.Comparison.Crashes.Publishing;

/// <summary>An object of the input. Its title tells a record's line, so that each can be told from every other.</summary>
internal sealed class InputObject
{
    private const char TitleSign = ':';
    private const double ShareOfBadLines = 0.02;
    private const double ShareOfHotDocuments = 0.5;
    private const int HotDocuments = 20;
    private const int Documents = 5_000;
    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    private readonly InputLine[] _lines;

    private InputObject(int number, string key, PartitionId partition, InputLine[] lines) =>
        (Number, Key, Partition, _lines) = (number, key, partition, lines);

    /// <summary>Its number, from 0.</summary>
    public int Number { get; }

    /// <summary>Its key.</summary>
    public string Key { get; }

    /// <summary>Its partition.</summary>
    public PartitionId Partition { get; }

    /// <summary>How many lines it has.</summary>
    public int Lines => _lines.Length;

    /// <summary>Makes up an object.</summary>
    /// <param name="number">Its number.</param>
    /// <param name="partition">Its partition.</param>
    /// <param name="layout">How partitions are named.</param>
    /// <param name="choices">Decides what is in it.</param>
    public static InputObject Draw(int number, PartitionId partition, PartitionLayout layout, Random choices)
    {
        var count = choices.NextDouble() switch
        {
            < 0.70 => choices.Next(1, 60),
            < 0.88 => choices.Next(100, 400),
            _ => choices.Next(1_000, 3_000),
        };
        var lines = new InputLine[count];
        for (var i = 0; i < count; i++)
        {
            var document = choices.NextDouble() < ShareOfHotDocuments ? choices.Next(HotDocuments) : choices.Next(Documents);
            var time = partition.Start.ToUnixTimeMilliseconds() + choices.Next((int)partition.Period.TotalMilliseconds);
            lines[i] = new InputLine($"d{document}", time, IsBad: choices.NextDouble() < ShareOfBadLines);
        }

        var packed = choices.Next(2) == 0 ? ".gz" : "";
        return new InputObject(number, string.Create(CultureInfo.InvariantCulture, $"{layout.Prefix(partition)}part-{number:00000}.ndjson{packed}"), partition, lines);
    }

    /// <summary>Reads from a record's title which line it is; false when it is none of ours.</summary>
    public static bool TryPlace(string? title, out int number, out int line)
    {
        (number, line) = (0, 0);
        var sign = title?.IndexOf(TitleSign, StringComparison.Ordinal) ?? -1;
        return sign > 0
            && int.TryParse(title.AsSpan(0, sign), NumberStyles.None, CultureInfo.InvariantCulture, out number)
            && int.TryParse(title.AsSpan(sign + 1), NumberStyles.None, CultureInfo.InvariantCulture, out line);
    }

    /// <summary>Whether a line cannot become a record.</summary>
    /// <param name="line">The line, from 1.</param>
    public bool IsBad(int line) => _lines[line - 1].IsBad;

    /// <summary>A line as it is put.</summary>
    /// <param name="line">The line, from 1.</param>
    public string Text(int line)
    {
        var (document, time, bad) = _lines[line - 1];
        var when = DateTimeOffset.FromUnixTimeMilliseconds(time).ToString(TimeFormat, CultureInfo.InvariantCulture);
        var kind = bad ? "nonsense" : "upsert";
        return string.Create(
            CultureInfo.InvariantCulture, $$"""{"documentId":"{{document}}","kind":"{{kind}}","eventTime":"{{when}}","title":"{{Number}}{{TitleSign}}{{line}}"}""");
    }

    /// <summary>What is wrong with the record of a line, or null.</summary>
    /// <param name="line">The line, from 1.</param>
    /// <param name="delta">The record.</param>
    public string? Differs(int line, CatalogDelta delta)
    {
        var (document, time, bad) = _lines[line - 1];
        var version = DeltaVersion.Create(time, generation: 0, line, DeltaVersion.ObjectOrdinal(Key));
        return bad ? "became a record, and cannot be one"
            : delta.DocumentId != document || delta.EventTimeMilliseconds != time || delta.Partition != Partition.Name ? "became a record of something else"
            : delta.Version != version ? $"has version {delta.Version} in place of {version}"
            : null;
    }

    /// <summary>What is put.</summary>
    public byte[] Content()
    {
        var text = new StringBuilder();
        for (var line = 1; line <= Lines; line++)
        {
            text.Append(Text(line)).Append('\n');
        }

        var plain = Encoding.UTF8.GetBytes(text.ToString());
        if (!Key.EndsWith(".gz", StringComparison.Ordinal))
        {
            return plain;
        }

        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
        {
            gzip.Write(plain);
        }

        return packed.ToArray();
    }

    private readonly record struct InputLine(string DocumentId, long EventTime, bool IsBad);
}
