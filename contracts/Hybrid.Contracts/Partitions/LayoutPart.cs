namespace Hybrid.Contracts.Partitions;

/// <summary>What a part of a layout names, from coarse to fine.</summary>
internal enum LayoutUnit
{
    Literal,
    Year,
    Month,
    Day,
    Hour,
    Minute,
    Second,
    EpochSeconds,
    EpochMilliseconds,
}

/// <summary>A part of a layout's template: text as it is, or a number.</summary>
/// <param name="Unit">What the number is.</param>
/// <param name="Width">Its digits; 0 for as many as it has.</param>
/// <param name="Text">The text of a literal, or the part as it was written.</param>
internal readonly record struct LayoutPart(LayoutUnit Unit, int Width, string Text)
{
    /// <summary>The digits that a number without a width has at most.</summary>
    public int MaxDigits => Width > 0 ? Width : IsEpoch ? 15 : 2;

    public bool IsEpoch => Unit is LayoutUnit.EpochSeconds or LayoutUnit.EpochMilliseconds;

    /// <summary>The number that this part is of an instant.</summary>
    public long ValueOf(DateTimeOffset utc) => Unit switch
    {
        LayoutUnit.Year => utc.Year,
        LayoutUnit.Month => utc.Month,
        LayoutUnit.Day => utc.Day,
        LayoutUnit.Hour => utc.Hour,
        LayoutUnit.Minute => utc.Minute,
        LayoutUnit.Second => utc.Second,
        LayoutUnit.EpochSeconds => utc.ToUnixTimeSeconds(),
        _ => utc.ToUnixTimeMilliseconds(),
    };

    /// <summary>How long what this part tells apart is at least; of a month and a year nothing is asked.</summary>
    public static TimeSpan Resolution(LayoutUnit unit) => unit switch
    {
        LayoutUnit.Hour => TimeSpan.FromHours(1),
        LayoutUnit.Minute => TimeSpan.FromMinutes(1),
        LayoutUnit.Second or LayoutUnit.EpochSeconds or LayoutUnit.EpochMilliseconds => TimeSpan.FromSeconds(1),
        _ => TimeSpan.FromDays(1),
    };
}
