using System.Globalization;

namespace Hybrid.Contracts.Partitions;

/// <summary>One time partition of the source: the half-open interval of event time from <see cref="Start"/> to <see cref="End"/>, in UTC.</summary>
public readonly record struct PartitionId : IComparable<PartitionId>
{
    private const string MinuteFormat = "yyyy-MM-dd'T'HH:mm'Z'";
    private const string SecondFormat = "yyyy-MM-dd'T'HH:mm:ss'Z'";

    /// <summary>Makes a partition.</summary>
    /// <param name="start">Its first instant; a multiple of the period since 0001-01-01T00:00:00Z.</param>
    /// <param name="period">Its length, from one second to one day.</param>
    /// <exception cref="ArgumentOutOfRangeException">The period is out of range or the start is not a multiple of it.</exception>
    public PartitionId(DateTimeOffset start, TimeSpan period)
    {
        CheckPeriod(period);
        if (start.UtcTicks % period.Ticks != 0)
        {
            throw new ArgumentOutOfRangeException(nameof(start), start, $"the start is not a multiple of the period {period}");
        }

        Start = start.ToUniversalTime();
        Period = period;
    }

    /// <summary>The first instant, UTC.</summary>
    public DateTimeOffset Start { get; }

    /// <summary>The length, from one second to one day.</summary>
    public TimeSpan Period { get; }

    /// <summary>The first instant after the partition: when it is due to close.</summary>
    public DateTimeOffset End => Start + Period;

    /// <summary>The partition after this one.</summary>
    public PartitionId Next => new(End, Period);

    /// <summary>The name, such as <c>2011-12-01T08:05Z</c>, with seconds only where the start has some.</summary>
    public string Name => Start.ToString(Start.Second == 0 ? MinuteFormat : SecondFormat, CultureInfo.InvariantCulture);

    /// <summary>The partition that an instant falls into.</summary>
    /// <param name="instant">Any instant of event time.</param>
    /// <param name="period">The partitions' length, from one second to one day.</param>
    /// <exception cref="ArgumentOutOfRangeException">The period is out of range.</exception>
    public static PartitionId Containing(DateTimeOffset instant, TimeSpan period)
    {
        CheckPeriod(period);
        return new(new DateTimeOffset(instant.UtcTicks - (instant.UtcTicks % period.Ticks), TimeSpan.Zero), period);
    }

    /// <summary>Reads a partition's name.</summary>
    /// <param name="name">A name as <see cref="Name"/> gives it.</param>
    /// <param name="period">The partitions' length.</param>
    /// <param name="partition">The partition, when the name is one.</param>
    /// <returns>False when the name is not one of a partition of that period.</returns>
    public static bool TryParse(string? name, TimeSpan period, out PartitionId partition)
    {
        partition = default;
        if (!TryParseStart(name, out var start)
            || period < TimeSpan.FromSeconds(1) || period > TimeSpan.FromDays(1) || start.UtcTicks % period.Ticks != 0)
        {
            return false;
        }

        partition = new PartitionId(start, period);
        return true;
    }

    /// <summary>Reads when a partition begins from its name, whatever its period.</summary>
    /// <param name="name">A name as <see cref="Name"/> gives it.</param>
    /// <param name="start">Its first instant, UTC.</param>
    /// <returns>False when it is no name of a partition.</returns>
    public static bool TryParseStart(string? name, out DateTimeOffset start) => DateTimeOffset.TryParseExact(
        name, [MinuteFormat, SecondFormat], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out start);

    /// <inheritdoc/>
    public int CompareTo(PartitionId other) => Start.CompareTo(other.Start);

    /// <inheritdoc/>
    public override string ToString() => Name;

    private static void CheckPeriod(TimeSpan period)
    {
        if (period < TimeSpan.FromSeconds(1) || period > TimeSpan.FromDays(1))
        {
            throw new ArgumentOutOfRangeException(nameof(period), period, "a period is from one second to one day");
        }
    }
}
