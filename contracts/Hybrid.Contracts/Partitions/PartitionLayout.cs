using System.Globalization;
using System.Text;

namespace Hybrid.Contracts.Partitions;

/// <summary>
/// How partitions are named in the object store: a template whose braces hold parts of the partition's start, such as
/// <c>dt={yyyy-MM-dd}/hh={HH}/mm={mm}/</c>, <c>{yyyyMMddHHmm}/</c> or <c>ts={epoch}/</c>. The parts are <c>yyyy</c>, <c>MM</c>, <c>dd</c>,
/// <c>HH</c>, <c>mm</c> and <c>ss</c> (a single letter for a number without leading zeros), <c>epoch</c> (seconds since 1970-01-01T00:00:00Z)
/// and <c>epoch-ms</c> (milliseconds), with anything else as it is and letters in single quotes. All of them are UTC: time zones and daylight
/// saving do not matter, since nothing here ever asks for a local time.
/// </summary>
public sealed class PartitionLayout
{
    /// <summary>The layout when none is given.</summary>
    public const string DefaultTemplate = "dt={yyyy-MM-dd}/hh={HH}/mm={mm}/";

    private readonly LayoutPart[] _parts;
    private readonly LayoutCuts _cuts;

    /// <summary>Makes a layout.</summary>
    /// <param name="template">The template; ends with a slash. It may be finer than the period: then the objects below an instant that begins
    /// no partition belong to none, see <see cref="Match"/>.</param>
    /// <param name="period">The partitions' length, from one second to one day.</param>
    /// <exception cref="ArgumentException">The template is not one, is ambiguous, or is coarser than the period; the message is one line.</exception>
    public PartitionLayout(string template, TimeSpan period)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(template);
        _parts = LayoutTemplate.Parse(template);
        Template = template;
        Period = PartitionId.Containing(DateTimeOffset.UnixEpoch, period).Period;
        var finest = _parts.Max(part => part.Unit);
        if (finest < LayoutUnit.Day || period.Ticks % LayoutPart.Resolution(finest).Ticks != 0)
        {
            throw LayoutTemplate.Mistake(
                template, $"cannot tell partitions of {period} apart: it names nothing finer than the {LayoutTemplate.Name(finest)}");
        }

        Depth = template.Count('/');
        _cuts = new LayoutCuts(_parts);
        SortsLikeTime = HasTheOrderOfTime(_parts);
    }

    /// <summary>The template.</summary>
    public string Template { get; }

    /// <summary>How many directories of a key the layout names, 1 or more.</summary>
    public int Depth { get; }

    /// <summary>The partitions' length.</summary>
    public TimeSpan Period { get; }

    /// <summary>
    /// Whether prefixes, compared byte by byte, sort like the times they stand for. Those of an epoch do so from 2001-09-09T01:46:40Z on, since
    /// when it has ten digits; those without leading zeros, or with a finer part before a coarser one, do not.
    /// </summary>
    public bool SortsLikeTime { get; }

    /// <summary>The key prefix of all objects of a partition, ending with a slash.</summary>
    /// <param name="partition">The partition; for an epoch, one from 1970 on.</param>
    public string Prefix(PartitionId partition) => Write(_parts, partition.Start);

    /// <summary>
    /// Few key prefixes that cover the partitions that begin within a range of time, and no others: of whole years, months, days, hours and
    /// minutes where the range holds them and the template names them in that order, of powers of ten of an epoch, else of single partitions.
    /// A key below them still has to be asked for its partition, since foreign objects may lie there.
    /// </summary>
    /// <param name="from">The first instant.</param>
    /// <param name="to">The instant to stop before.</param>
    /// <returns>The prefixes in the order of time; lazily.</returns>
    public IEnumerable<string> Prefixes(DateTimeOffset from, DateTimeOffset to)
    {
        for (var start = StartFrom(from); start < to;)
        {
            var (end, prefix) = Longest(start, to);
            yield return prefix;
            start = StartFrom(end);
        }
    }

    /// <summary>Tells which partition an object belongs to.</summary>
    /// <param name="key">The object's key, relative to the source's root.</param>
    /// <param name="partition">The partition, when the key is of this layout.</param>
    /// <returns>False when the key is not of this layout.</returns>
    public bool TryParse(string key, out PartitionId partition) => Match(key, out partition) == LayoutMatch.Partition;

    /// <summary>Tells which partition an object belongs to, and if to none, why.</summary>
    /// <param name="key">The object's key, relative to the source's root.</param>
    /// <param name="partition">The partition, when there is one.</param>
    public LayoutMatch Match(string key, out PartitionId partition)
    {
        ArgumentNullException.ThrowIfNull(key);
        partition = default;
        if (!TryRead(key, out var start))
        {
            return LayoutMatch.Foreign;
        }

        if (start.UtcTicks % Period.Ticks != 0)
        {
            return LayoutMatch.BetweenPartitions;
        }

        partition = new PartitionId(start, Period);
        return LayoutMatch.Partition;
    }

    internal static string Write(ReadOnlySpan<LayoutPart> parts, DateTimeOffset instant)
    {
        var utc = instant.ToUniversalTime();
        var prefix = new StringBuilder(48);
        Span<char> digits = stackalloc char[24];
        foreach (ref readonly var part in parts)
        {
            if (part.Unit == LayoutUnit.Literal)
            {
                prefix.Append(part.Text);
                continue;
            }

            part.ValueOf(utc).TryFormat(digits, out var length, part.Width switch { 4 => "0000", 2 => "00", _ => "0" }, CultureInfo.InvariantCulture);
            prefix.Append(digits[..length]);
        }

        return prefix.ToString();
    }

    private (DateTimeOffset End, string Prefix) Longest(DateTimeOffset start, DateTimeOffset to)
    {
        foreach (var (begin, end, prefix) in _cuts.Around(start))
        {
            if (end - begin > Period && StartFrom(begin) == start && StartFrom(end) - Period < to)
            {
                return (end, prefix);
            }
        }

        return (start + Period, Write(_parts, start));
    }

    /// <summary>The first start of a partition that is not before an instant.</summary>
    private DateTimeOffset StartFrom(DateTimeOffset instant)
    {
        var over = instant.UtcTicks % Period.Ticks;
        return new DateTimeOffset(over == 0 ? instant.UtcTicks : instant.UtcTicks - over + Period.Ticks, TimeSpan.Zero);
    }

    private bool TryRead(ReadOnlySpan<char> key, out DateTimeOffset start)
    {
        start = default;
        Span<int> calendar = [0, 1, 1, 0, 0, 0];
        DateTimeOffset? epoch = null;
        var rest = key;
        foreach (ref readonly var part in _parts.AsSpan())
        {
            if (part.Unit == LayoutUnit.Literal)
            {
                if (!rest.StartsWith(part.Text, StringComparison.Ordinal))
                {
                    return false;
                }

                rest = rest[part.Text.Length..];
                continue;
            }

            if (!TryReadNumber(ref rest, part, out var number))
            {
                return false;
            }

            if (part.IsEpoch)
            {
                var unit = part.Unit == LayoutUnit.EpochSeconds ? TimeSpan.TicksPerSecond : TimeSpan.TicksPerMillisecond;
                if (number > (DateTimeOffset.MaxValue.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks) / unit)
                {
                    return false;
                }

                epoch = DateTimeOffset.UnixEpoch.AddTicks(number * unit);
            }
            else
            {
                calendar[part.Unit - LayoutUnit.Year] = (int)number;
            }
        }

        if (epoch is { } instant)
        {
            start = instant;
        }
        else if (!TryMake(calendar, out start))
        {
            return false;
        }

        // What a template says twice has to agree, and a number without a width has no leading zero: then it writes what was read.
        return key[..^rest.Length].SequenceEqual(Write(_parts, start));
    }

    private static bool TryReadNumber(ref ReadOnlySpan<char> text, in LayoutPart part, out long number)
    {
        var digits = 0;
        while (digits < part.MaxDigits && digits < text.Length && char.IsAsciiDigit(text[digits]))
        {
            digits++;
        }

        number = 0;
        if (digits == 0 || (part.Width > 0 && digits < part.Width))
        {
            return false;
        }

        number = long.Parse(text[..digits], NumberStyles.None, CultureInfo.InvariantCulture);
        text = text[digits..];
        return true;
    }

    private static bool TryMake(ReadOnlySpan<int> calendar, out DateTimeOffset start)
    {
        start = default;
        if (calendar[0] < 1 || calendar[1] is < 1 or > 12 || calendar[2] < 1 || calendar[2] > DateTime.DaysInMonth(calendar[0], calendar[1])
            || calendar[3] > 23 || calendar[4] > 59 || calendar[5] > 59)
        {
            return false;
        }

        start = new DateTimeOffset(calendar[0], calendar[1], calendar[2], calendar[3], calendar[4], calendar[5], TimeSpan.Zero);
        return true;
    }

    private static bool HasTheOrderOfTime(LayoutPart[] parts)
    {
        var coarsest = LayoutUnit.Literal;
        foreach (var part in parts.Where(part => part.Unit != LayoutUnit.Literal))
        {
            if (part.Unit > coarsest && ((part.Width == 0 && !part.IsEpoch) || (part.Unit > coarsest + 1 && !part.IsEpoch)))
            {
                return false;
            }

            coarsest = part.Unit > coarsest ? part.Unit : coarsest;
        }

        return true;
    }
}

/// <summary>What an object's key is to a layout.</summary>
public enum LayoutMatch
{
    /// <summary>Not of this layout: the object is none of the source's.</summary>
    Foreign = 0,

    /// <summary>Of this layout, but its instant begins no partition: the period is longer than the source's own.</summary>
    BetweenPartitions = 1,

    /// <summary>In a partition.</summary>
    Partition = 2,
}
