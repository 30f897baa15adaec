using System.Globalization;

namespace Hybrid.Comparison.Experiments.Plans;

/// <summary>Durations as settings write them: <c>200ms</c>, <c>2s</c>, <c>5m</c>, <c>1h</c>.</summary>
internal static class Times
{
    private static readonly (string Suffix, double Seconds)[] Units = [("ms", 0.001), ("s", 1), ("m", 60), ("h", 3600)];

    /// <summary>Reads a duration above zero.</summary>
    public static bool TryParse(string? text, out TimeSpan time)
    {
        foreach (var (suffix, seconds) in Units)
        {
            if (text is not null
                && text.EndsWith(suffix, StringComparison.Ordinal)
                && double.TryParse(text[..^suffix.Length], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var count)
                && count > 0
                && count * seconds <= TimeSpan.FromDays(1).TotalSeconds)
            {
                time = TimeSpan.FromSeconds(count * seconds);
                return true;
            }
        }

        time = default;
        return false;
    }

    /// <summary>Reads a duration that was checked.</summary>
    public static TimeSpan Parse(string text) => TryParse(text, out var time) ? time : throw new FormatException(text);

    /// <summary>Writes a duration as <see cref="TryParse"/> reads it.</summary>
    public static string Format(TimeSpan time) => time.TotalSeconds < 1
        ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds:0.###}ms")
        : string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.###}s");
}
