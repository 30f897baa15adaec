using System.Globalization;

namespace Hybrid.Comparison.Evidence;

/// <summary>How far apart the times of a schedule are, for the regular ones among those that crontab can write.</summary>
internal static class CronPeriod
{
    private const double Minute = 60;
    private const double Hour = 60 * Minute;
    private const double Day = 24 * Hour;

    /// <summary>Seconds between two times; null for a schedule that is not regular.</summary>
    /// <param name="schedule">Five fields, or <c>@hourly</c> and <c>@daily</c>.</param>
    public static double? Seconds(string schedule) => schedule.Split(' ', StringSplitOptions.RemoveEmptyEntries) switch
    {
        ["@hourly"] => Hour,
        ["@daily" or "@midnight"] => Day,
        ["*", "*", "*", "*", "*"] => Minute,
        [var minute, "*", "*", "*", "*"] when Every(minute) is { } minutes => minutes * Minute,
        [var minute, "*", "*", "*", "*"] when IsOne(minute) => Hour,
        [var minute, var hour, "*", "*", "*"] when IsOne(minute) && Every(hour) is { } hours => hours * Hour,
        [var minute, var hour, "*", "*", "*"] when IsOne(minute) && IsOne(hour) => Day,
        _ => null,
    };

    private static int? Every(string field) =>
        field.StartsWith("*/", StringComparison.Ordinal) && int.TryParse(field.AsSpan(2), NumberStyles.None, CultureInfo.InvariantCulture, out var step) && step > 0 ? step : null;

    private static bool IsOne(string field) => int.TryParse(field, NumberStyles.None, CultureInfo.InvariantCulture, out _);
}
