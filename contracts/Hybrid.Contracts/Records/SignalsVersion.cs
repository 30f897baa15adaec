namespace Hybrid.Contracts.Records;

/// <summary>
/// The version of a document's signals: a positive 63-bit number that orders its states by watermark (33 bits, seconds since
/// 1970-01-01T00:00:00Z), then by the lines within the window (30 bits). At one watermark lines are only ever added, by late objects, so
/// of two states at the same watermark the one with more lines has seen more. It is a pure function of the state: a replay gives the same
/// version, and whoever skipped something cannot overwrite whoever did not.
/// </summary>
public static class SignalsVersion
{
    private const int LineBits = 30;
    private const int TimeBits = 33;

    /// <summary>The first instant past those that a watermark can be, in the year 2242.</summary>
    public static readonly DateTimeOffset EndOfTime = DateTimeOffset.UnixEpoch.AddSeconds(1L << TimeBits);

    /// <summary>Makes the version of a state.</summary>
    /// <param name="watermark">The watermark, event time; whole seconds count.</param>
    /// <param name="lines">Lines within the window, from 0; past 2^30 − 1 they count as that.</param>
    /// <exception cref="ArgumentOutOfRangeException">The watermark is before 1970 or after 2242, or the lines are negative.</exception>
    public static long Create(DateTimeOffset watermark, long lines)
    {
        if (watermark < DateTimeOffset.UnixEpoch || watermark >= EndOfTime)
        {
            throw new ArgumentOutOfRangeException(nameof(watermark), watermark, "the watermark is outside 1970 to 2242");
        }

        ArgumentOutOfRangeException.ThrowIfNegative(lines);
        return (watermark.ToUnixTimeSeconds() << LineBits) | Math.Min(lines, (1L << LineBits) - 1);
    }
}
