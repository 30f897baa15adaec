using System.Globalization;
using Hybrid.Pipeline.Progress;
using Hybrid.Publisher.Progress;

namespace Hybrid.Publisher.Watermarks;

/// <summary>Watermarks for people.</summary>
public static class WatermarkText
{
    /// <summary>Writes where sources stand.</summary>
    /// <param name="statuses">Where they stand.</param>
    /// <param name="period">The partitions' length, to tell the lag in partitions; null when it is not known.</param>
    /// <param name="now">Wall time.</param>
    /// <param name="output">Where it goes.</param>
    public static void WriteStatuses(IReadOnlyList<WatermarkStatus> statuses, TimeSpan? period, DateTimeOffset now, TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(statuses);
        ArgumentNullException.ThrowIfNull(output);
        foreach (var (change, publishers) in statuses)
        {
            if (change.Progress is not { } progress)
            {
                output.WriteLine($"{change.Key}: the record at offset {change.Offset} cannot be read: {change.Broken}");
                continue;
            }

            output.WriteLine($"{change.Key}: watermark {Time(progress.Watermark)}, {Lag(now - progress.Watermark, period)}");
            output.WriteLine($"  publisher   {(publishers.Count == 0 ? "none is alive" : string.Join(", ", publishers.Select(each => $"{each.Client} at {each.Host}")))}");
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  written     {Time(change.Written)}, offset {change.Offset}"));
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"  published   {progress.Counts.Partitions:N0} partitions, {progress.Counts.Objects:N0} objects, {progress.Counts.Lines:N0} lines = {progress.Counts.Records:N0} records + {progress.Counts.DeadLetters:N0} dead letters"));
            WriteRest(progress, output);
        }

        foreach (var source in statuses.Where(status => status.Change.Progress is { Shards: > 1 }).GroupBy(status => status.Change.Progress!.Source))
        {
            var shards = source.Select(status => status.Change.Progress!).ToList();
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{source.Key}: {shards.Count} of {shards[0].Shards} shards have begun; the source's watermark is their least, {Time(shards.Min(shard => shard.Watermark))}"));
        }

        if (statuses.Count == 0)
        {
            output.WriteLine("no watermarks");
        }
    }

    /// <summary>Writes changes, a line each.</summary>
    /// <param name="changes">The changes.</param>
    /// <param name="output">Where it goes.</param>
    public static void WriteHistory(IEnumerable<WatermarkChange> changes, TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(changes);
        ArgumentNullException.ThrowIfNull(output);
        var count = 0;
        foreach (var change in changes)
        {
            if (count++ == 0)
            {
                output.WriteLine($"{"offset",8} {"written",-24} {"key",-24} {"watermark",-24} {"records",12} {"dead letters",12}");
            }

            var what = change.Progress is { } progress
                ? string.Create(CultureInfo.InvariantCulture, $"{Time(progress.Watermark),-24} {progress.Counts.Records,12:N0} {progress.Counts.DeadLetters,12:N0}")
                : change.Broken is { } broken ? $"cannot be read: {broken}" : "reset";
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{change.Offset,8} {Time(change.Written),-24} {change.Key,-24} {what}"));
        }

        output.WriteLine(count == 0 ? "no changes" : $"{count} {(count == 1 ? "change" : "changes")}; older ones may have been compacted away");
    }

    /// <summary>Writes what was moved.</summary>
    /// <param name="moves">What was moved.</param>
    /// <param name="dryRun">Whether it only would be.</param>
    /// <param name="output">Where it goes.</param>
    public static void WriteMoves(IReadOnlyList<MovedWatermark> moves, bool dryRun, TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(moves);
        ArgumentNullException.ThrowIfNull(output);
        foreach (var (key, before, after) in moves)
        {
            var from = before is null ? "none" : Time(before.Watermark);
            var verb = dryRun ? "would be" : "was";
            output.WriteLine(after is null
                ? $"{key}: {from} {verb} forgotten: its publisher begins anew"
                : $"{key}: {from} {verb} moved to {Time(after.Watermark)}: {Consequence(before, after)}");
        }
    }

    private static string Consequence(SourceProgress? before, SourceProgress after)
    {
        if (before is null)
        {
            return "its publisher begins there";
        }

        var skipped = after.Counts.SkippedPartitions - before.Counts.SkippedPartitions;
        return skipped > 0 ? string.Create(CultureInfo.InvariantCulture, $"{skipped:N0} partitions are skipped")
            : after.Watermark < before.Watermark ? "the partitions from there on are published again"
            : "it stays, and what is published in part of the next partition begins anew";
    }

    private static void WriteRest(SourceProgress progress, TextWriter output)
    {
        if (progress.Cursor is { } cursor)
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  in part     {cursor.Key} up to line {cursor.Line:N0}"));
        }

        if (progress.Floor is { } floor)
        {
            output.WriteLine($"  floor       {Time(floor)}: nothing before it is published");
        }

        foreach (var skipped in progress.Skipped)
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  skipped     {skipped.Partitions:N0} partitions, {Time(skipped.From)} to {Time(skipped.To)}"));
        }
    }

    private static string Lag(TimeSpan lag, TimeSpan? period) => period is { } length
        ? string.Create(CultureInfo.InvariantCulture, $"{lag.TotalSeconds:N0} s or {Math.Floor(lag / length):N0} partitions behind the clock")
        : string.Create(CultureInfo.InvariantCulture, $"{lag.TotalSeconds:N0} s behind the clock");

    private static string Time(DateTimeOffset time) =>
        time.UtcDateTime.ToString(time.Millisecond == 0 ? "yyyy-MM-dd'T'HH:mm:ss'Z'" : "yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
