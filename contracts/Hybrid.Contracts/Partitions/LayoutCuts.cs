namespace Hybrid.Contracts.Partitions;

/// <summary>The places where a layout's prefix can be cut so that what is left stands for a whole year, month, day, hour or minute, or for a
/// power of ten of an epoch: what covers a range of time with few prefixes.</summary>
internal sealed class LayoutCuts
{
    private readonly LayoutPart[] _parts;
    private readonly (LayoutUnit Unit, int Parts)[] _calendar;
    private readonly int _epoch;

    public LayoutCuts(LayoutPart[] parts)
    {
        _parts = parts;
        var cuts = new List<(LayoutUnit, int)>();
        var seen = new HashSet<LayoutUnit>();
        for (var i = 0; i < parts.Length; i++)
        {
            if (parts[i].Unit == LayoutUnit.Literal || !seen.Add(parts[i].Unit))
            {
                continue;
            }

            if (parts[i].IsEpoch)
            {
                break;
            }

            // Only when everything coarser stands before it do the parts so far stand for one stretch of time.
            var finest = seen.Max();
            if (seen.Count == finest - LayoutUnit.Year + 1)
            {
                cuts.Add((finest, i + 1 < parts.Length && parts[i + 1].Unit == LayoutUnit.Literal ? i + 2 : i + 1));
            }
        }

        _calendar = [.. cuts];
        _epoch = Array.FindIndex(parts, part => part.IsEpoch);
    }

    /// <summary>The stretches of time around an instant that have a prefix of their own, the longest first.</summary>
    public IEnumerable<(DateTimeOffset Begin, DateTimeOffset End, string Prefix)> Around(DateTimeOffset instant)
    {
        foreach (var (unit, count) in _calendar)
        {
            var begin = Floor(instant, unit);
            if (unit == LayoutUnit.Year ? begin.Year < 9999 : begin < DateTimeOffset.MaxValue.AddDays(-32))
            {
                yield return (begin, Next(begin, unit), PartitionLayout.Write(_parts.AsSpan(0, count), instant));
            }
        }

        if (_epoch < 0)
        {
            yield break;
        }

        var number = _parts[_epoch].ValueOf(instant);
        var before = PartitionLayout.Write(_parts.AsSpan(0, _epoch), instant);
        var digits = number.ToString(System.Globalization.CultureInfo.InvariantCulture);
        var unitTicks = _parts[_epoch].Unit == LayoutUnit.EpochSeconds ? TimeSpan.TicksPerSecond : TimeSpan.TicksPerMillisecond;
        for (var dropped = _calendar.Length == 0 ? Math.Min(digits.Length - 1, 8) : 0; dropped > 0; dropped--)
        {
            var length = (long)Math.Pow(10, dropped);
            var begin = DateTimeOffset.UnixEpoch.AddTicks(number / length * length * unitTicks);
            yield return (begin, begin.AddTicks(length * unitTicks), before + digits[..^dropped]);
        }
    }

    private static DateTimeOffset Floor(DateTimeOffset instant, LayoutUnit unit) => unit switch
    {
        LayoutUnit.Year => new DateTimeOffset(instant.Year, 1, 1, 0, 0, 0, TimeSpan.Zero),
        LayoutUnit.Month => new DateTimeOffset(instant.Year, instant.Month, 1, 0, 0, 0, TimeSpan.Zero),
        _ => new DateTimeOffset(instant.UtcTicks - (instant.UtcTicks % LayoutPart.Resolution(unit).Ticks), TimeSpan.Zero),
    };

    private static DateTimeOffset Next(DateTimeOffset begin, LayoutUnit unit) => unit switch
    {
        LayoutUnit.Year => begin.AddYears(1),
        LayoutUnit.Month => begin.AddMonths(1),
        _ => begin + LayoutPart.Resolution(unit),
    };
}
