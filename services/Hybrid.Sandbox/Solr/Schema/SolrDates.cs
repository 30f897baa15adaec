using System.Globalization;
using System.Text;

namespace Hybrid.Sandbox.Solr.Schema;

/// <summary>Solr's dates: ISO 8601 instants in UTC, <c>NOW</c>, and date math behind either (<c>NOW/DAY-1HOUR</c>).</summary>
internal static class SolrDates
{
    private static readonly string[] Formats = ["yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", "yyyy-MM-dd'T'HH:mm'Z'"];

    /// <summary>Milliseconds since the epoch, or null when it is no date.</summary>
    public static long? TryParse(ReadOnlySpan<byte> text, TimeProvider time) => TryParse(Encoding.UTF8.GetString(text), time);

    /// <inheritdoc cref="TryParse(ReadOnlySpan{byte}, TimeProvider)"/>
    public static long? TryParse(string text, TimeProvider time)
    {
        DateTime start;
        string math;
        if (text.StartsWith("NOW", StringComparison.Ordinal))
        {
            start = time.GetUtcNow().UtcDateTime;
            math = text[3..];
        }
        else
        {
            var end = text.IndexOf('Z', StringComparison.Ordinal) + 1;
            var style = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
            if (end == 0 || !DateTime.TryParseExact(text[..end], Formats, CultureInfo.InvariantCulture, style, out start))
            {
                return null;
            }

            math = text[end..];
        }

        return Apply(start, math) is { } result ? new DateTimeOffset(result).ToUnixTimeMilliseconds() : null;
    }

    public static string Format(long milliseconds)
    {
        var instant = DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
        return instant.ToString(
            instant.Millisecond == 0 ? "yyyy-MM-dd'T'HH:mm:ss'Z'" : "yyyy-MM-dd'T'HH:mm:ss.fff'Z'",
            CultureInfo.InvariantCulture);
    }

    private static DateTime? Apply(DateTime start, string math)
    {
        DateTime? result = start;
        var position = 0;
        while (result is { } value && position < math.Length)
        {
            var operation = math[position++];
            var digits = position;
            while (position < math.Length && char.IsAsciiDigit(math[position]))
            {
                position++;
            }

            var letters = position;
            while (position < math.Length && char.IsAsciiLetterUpper(math[position]))
            {
                position++;
            }

            var unit = math[letters..position];
            if (operation == '/')
            {
                result = letters == digits ? Round(value, unit) : null;
            }
            else if (operation is '+' or '-' && int.TryParse(math.AsSpan(digits, letters - digits), CultureInfo.InvariantCulture, out var amount))
            {
                result = Add(value, operation == '+' ? amount : -amount, unit);
            }
            else
            {
                return null;
            }
        }

        return result;
    }

    private static DateTime? Add(DateTime value, int amount, string unit) => unit switch
    {
        "YEAR" or "YEARS" => value.AddYears(amount),
        "MONTH" or "MONTHS" => value.AddMonths(amount),
        "DAY" or "DAYS" or "DATE" => value.AddDays(amount),
        "HOUR" or "HOURS" => value.AddHours(amount),
        "MINUTE" or "MINUTES" => value.AddMinutes(amount),
        "SECOND" or "SECONDS" => value.AddSeconds(amount),
        "MILLI" or "MILLIS" or "MILLISECOND" or "MILLISECONDS" => value.AddMilliseconds(amount),
        _ => null,
    };

    private static DateTime? Round(DateTime value, string unit) => unit switch
    {
        "YEAR" or "YEARS" => new DateTime(value.Year, 1, 1, 0, 0, 0, DateTimeKind.Utc),
        "MONTH" or "MONTHS" => new DateTime(value.Year, value.Month, 1, 0, 0, 0, DateTimeKind.Utc),
        "DAY" or "DAYS" or "DATE" => value.Date,
        "HOUR" or "HOURS" => Floor(value, TimeSpan.TicksPerHour),
        "MINUTE" or "MINUTES" => Floor(value, TimeSpan.TicksPerMinute),
        "SECOND" or "SECONDS" => Floor(value, TimeSpan.TicksPerSecond),
        "MILLI" or "MILLIS" or "MILLISECOND" or "MILLISECONDS" => Floor(value, TimeSpan.TicksPerMillisecond),
        _ => null,
    };

    private static DateTime Floor(DateTime value, long ticks) => new(value.Ticks - (value.Ticks % ticks), DateTimeKind.Utc);
}
