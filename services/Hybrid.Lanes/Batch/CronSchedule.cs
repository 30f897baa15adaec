using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Hybrid.Lanes.Batch;

/// <summary>
/// A schedule of five fields as crontab(5) has them: minute, hour, day of the month, month, day of the week; in UTC. A field is <c>*</c>, a
/// number, a range <c>a-b</c>, a list of these with commas, and may have a step <c>/n</c>. Months and weekdays also go by the first three
/// letters of their names; Sunday is 0 and 7. Where both days are restricted, either one suffices (POSIX). <c>@hourly</c>, <c>@daily</c>,
/// <c>@weekly</c>, <c>@monthly</c> and <c>@yearly</c> stand for what they say.
/// </summary>
internal sealed class CronSchedule
{
    /// <summary>A leap day on a given weekday comes within 40 years; what does not come by then never does.</summary>
    private const int MostDays = 41 * 366;

    private static readonly string[] s_months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    private static readonly string[] s_weekdays = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

    private readonly string _text;
    private readonly ulong _minutes;
    private readonly ulong _hours;
    private readonly ulong _days;
    private readonly ulong _months;
    private readonly ulong _weekdays;
    private readonly bool _eitherDay;

    private CronSchedule(string text, ulong minutes, ulong hours, ulong days, ulong months, ulong weekdays, bool eitherDay)
    {
        _text = text;
        _minutes = minutes;
        _hours = hours;
        _days = days;
        _months = months;
        _weekdays = weekdays;
        _eitherDay = eitherDay;
    }

    /// <summary>Reads a schedule.</summary>
    /// <param name="text">The five fields, or one of the names.</param>
    /// <param name="schedule">The schedule, when it is one.</param>
    /// <param name="error">Which field is wrong and why, when it is none.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out CronSchedule? schedule, [NotNullWhen(false)] out string? error)
    {
        schedule = null;
        var fields = Named(text.Trim()).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (fields.Length != 5)
        {
            error = $"it has {fields.Length} fields, not five (minute, hour, day of the month, month, day of the week)";
            return false;
        }

        if (!TryField(fields[0], "minute", 0, 59, [], out var minutes, out error)
            || !TryField(fields[1], "hour", 0, 23, [], out var hours, out error)
            || !TryField(fields[2], "day of the month", 1, 31, [], out var days, out error)
            || !TryField(fields[3], "month", 1, 12, s_months, out var months, out error)
            || !TryField(fields[4], "day of the week", 0, 7, s_weekdays, out var weekdays, out error))
        {
            return false;
        }

        weekdays |= (weekdays >> 7) & 1;
        var eitherDay = fields[2][0] != '*' && fields[4][0] != '*';
        schedule = new CronSchedule(text.Trim(), minutes, hours, days, months, weekdays, eitherDay);
        if (schedule.Next(DateTimeOffset.UnixEpoch) is null)
        {
            error = "it never comes: no such month has such a day";
            schedule = null;
            return false;
        }

        return true;
    }

    /// <summary>The first time of the schedule after an instant, UTC, whole minutes; null when there is none any more.</summary>
    /// <param name="after">The instant; it does not count itself.</param>
    public DateTimeOffset? Next(DateTimeOffset after)
    {
        var first = after.UtcDateTime;
        var day = first.Date;
        var minute = ((int)first.TimeOfDay.TotalMinutes) + 1;
        for (var tried = 0; tried < MostDays; tried++, minute = 0)
        {
            if (IsDay(day))
            {
                for (; minute < 24 * 60; minute++)
                {
                    if (Has(_hours, minute / 60) && Has(_minutes, minute % 60))
                    {
                        return new DateTimeOffset(day.AddMinutes(minute), TimeSpan.Zero);
                    }
                }
            }

            if (day.Date == DateTime.MaxValue.Date)
            {
                return null;
            }

            day = day.AddDays(1);
        }

        return null;
    }

    /// <summary>As it was written.</summary>
    public override string ToString() => _text;

    private bool IsDay(DateTime day)
    {
        if (!Has(_months, day.Month))
        {
            return false;
        }

        var (ofMonth, ofWeek) = (Has(_days, day.Day), Has(_weekdays, (int)day.DayOfWeek));
        return _eitherDay ? ofMonth || ofWeek : ofMonth && ofWeek;
    }

    private static bool Has(ulong set, int value) => (set >> value & 1) != 0;

    private static string Named(string text) => text.ToLowerInvariant() switch
    {
        "@hourly" => "0 * * * *",
        "@daily" or "@midnight" => "0 0 * * *",
        "@weekly" => "0 0 * * 0",
        "@monthly" => "0 0 1 * *",
        "@yearly" or "@annually" => "0 0 1 1 *",
        _ => text,
    };

    private static bool TryField(string field, string what, int least, int most, string[] names, out ulong set, [NotNullWhen(false)] out string? error)
    {
        set = 0;
        foreach (var part in field.Split(','))
        {
            if (!TryPart(part, least, most, names, out var members))
            {
                error = $"'{part}' is no {what}: give *, a number from {least} to {most}, a range or a list of these, with a step such as */5 where wanted";
                return false;
            }

            set |= members;
        }

        error = null;
        return true;
    }

    private static bool TryPart(string part, int least, int most, string[] names, out ulong set)
    {
        set = 0;
        var slash = part.IndexOf('/');
        var (range, step) = (slash < 0 ? part : part[..slash], 1);
        if (slash >= 0 && (!TryNumber(part[(slash + 1)..], out step) || step < 1))
        {
            return false;
        }

        int first, last;
        var dash = range.IndexOf('-');
        if (range == "*")
        {
            (first, last) = (least, most);
        }
        else if (dash >= 0)
        {
            if (!TryValue(range[..dash], least, names, out first) || !TryValue(range[(dash + 1)..], least, names, out last))
            {
                return false;
            }
        }
        else
        {
            if (!TryValue(range, least, names, out first))
            {
                return false;
            }

            last = slash < 0 ? first : most;
        }

        if (first < least || last > most || first > last)
        {
            return false;
        }

        for (var value = first; value <= last; value += step)
        {
            set |= 1UL << value;
        }

        return true;
    }

    private static bool TryValue(string text, int least, string[] names, out int value)
    {
        var name = Array.FindIndex(names, name => name.Equals(text, StringComparison.OrdinalIgnoreCase));
        value = name + least;
        return name >= 0 || TryNumber(text, out value);
    }

    private static bool TryNumber(string text, out int value) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value <= 1_000_000;
}
