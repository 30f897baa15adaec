using System.Globalization;

namespace Hybrid.Contracts.Records;

/// <summary>
/// The version of a delta: a positive 63-bit number that orders all deltas of one document by event time (41 bits, milliseconds since
/// 2000-01-01T00:00:00Z), then by the generation of the object (3 bits), then by the line (16 bits), then by the object (3 bits).
/// It is a pure function of those, so a replay gives the same version. Past 65 536 lines the line wraps: deltas of one document in one
/// millisecond stay distinct and their order stays the same on every run, but it is no longer the order of the lines.
/// </summary>
public static class DeltaVersion
{
    private const int ObjectBits = 3;
    private const int LineBits = 16;
    private const int GenerationBits = 3;
    private const int TimeBits = 41;

    /// <summary>The highest generation that a version can hold; a later one counts as this.</summary>
    public const int MaxGeneration = (1 << GenerationBits) - 1;

    /// <summary>The first event time that a version can hold.</summary>
    public static readonly DateTimeOffset MinEventTime = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The last event time that a version can hold, in the year 2069.</summary>
    public static readonly DateTimeOffset MaxEventTime = MinEventTime.AddMilliseconds((1L << TimeBits) - 1);

    /// <summary>Makes the version of a delta.</summary>
    /// <param name="eventTimeMilliseconds">Event time in milliseconds since 1970-01-01T00:00:00Z.</param>
    /// <param name="generation">How often the object was replaced under its key: 0 for the first.</param>
    /// <param name="line">The line within the object, from 1.</param>
    /// <param name="objectOrdinal">The object's ordinal, see <see cref="ObjectOrdinal"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The event time is outside <see cref="MinEventTime"/> to <see cref="MaxEventTime"/>,
    /// or the generation or line is negative.</exception>
    public static long Create(long eventTimeMilliseconds, int generation, long line, int objectOrdinal)
    {
        var time = eventTimeMilliseconds - MinEventTime.ToUnixTimeMilliseconds();
        if (time < 0 || time >= 1L << TimeBits)
        {
            throw new ArgumentOutOfRangeException(nameof(eventTimeMilliseconds), eventTimeMilliseconds, "the event time is outside 2000 to 2069");
        }

        ArgumentOutOfRangeException.ThrowIfNegative(generation);
        ArgumentOutOfRangeException.ThrowIfNegative(line);
        return (time << (GenerationBits + LineBits + ObjectBits))
            | ((long)Math.Min(generation, MaxGeneration) << (LineBits + ObjectBits))
            | ((line & ((1 << LineBits) - 1)) << ObjectBits)
            | (uint)(objectOrdinal & ((1 << ObjectBits) - 1));
    }

    /// <summary>
    /// An object's ordinal among the objects of its partition: the number that its name ends in before the extensions
    /// (<c>part-3.ndjson.gz</c> is 3), or else a stable hash of its name (FNV-1a). Only the low three bits count.
    /// </summary>
    /// <param name="objectKey">The object's key.</param>
    public static int ObjectOrdinal(string objectKey)
    {
        ArgumentNullException.ThrowIfNull(objectKey);
        var name = objectKey.AsSpan(objectKey.LastIndexOf('/') + 1);
        var dot = name.IndexOf('.');
        var stem = dot < 0 ? name : name[..dot];
        var digits = stem.Length;
        while (digits > 0 && char.IsAsciiDigit(stem[digits - 1]))
        {
            digits--;
        }

        if (digits < stem.Length && int.TryParse(stem[digits..], NumberStyles.None, CultureInfo.InvariantCulture, out var ordinal))
        {
            return ordinal;
        }

        var hash = 2166136261u;
        foreach (var c in name)
        {
            hash = (hash ^ c) * 16777619u;
        }

        return (int)(hash & 7);
    }
}
