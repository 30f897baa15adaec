using System.Globalization;

namespace Hybrid.Comparison.Reporting;

/// <summary>Figures as people read them: three significant digits and a unit; a dash where nothing was measured.</summary>
internal static class Figures
{
    public const string NotMeasured = "–";

    public static string Seconds(double? seconds) => seconds switch
    {
        null => NotMeasured,
        < 0.001 => $"{Digits(seconds.Value * 1e6)} µs",
        < 1 => $"{Digits(seconds.Value * 1e3)} ms",
        < 120 => $"{Digits(seconds.Value)} s",
        < 7200 => $"{Digits(seconds.Value / 60)} min",
        _ => $"{Digits(seconds.Value / 3600)} h",
    };

    public static string Bytes(long? bytes) => bytes switch
    {
        null => NotMeasured,
        < 1024 => $"{bytes} B",
        < 1024 * 1024 => $"{Digits(bytes.Value / 1024.0)} KiB",
        < 1024L * 1024 * 1024 => $"{Digits(bytes.Value / 1048576.0)} MiB",
        _ => $"{Digits(bytes.Value / 1073741824.0)} GiB",
    };

    public static string Count(long? count) => count?.ToString("N0", CultureInfo.InvariantCulture).Replace(",", "\u202f", StringComparison.Ordinal) ?? NotMeasured;

    public static string Rate(double? perSecond) => perSecond switch
    {
        null => NotMeasured,
        >= 10_000 => $"{Large(perSecond.Value)}/s",
        _ => $"{Digits(perSecond.Value)}/s",
    };

    public static string CoreSeconds(double? seconds) => seconds is { } value ? Digits(value) : NotMeasured;

    /// <summary>An amount: no decimals from 100 on, two below, more where it is less than a hundredth.</summary>
    public static string Money(double? amount, string currency) => amount switch
    {
        null => NotMeasured,
        >= 100 => $"{Count((long)Math.Round(amount.Value))} {currency}",
        >= 0.1 or 0 => string.Create(CultureInfo.InvariantCulture, $"{amount.Value:0.00} {currency}"),
        _ => $"{Digits(amount.Value)} {currency}",
    };

    /// <summary>A count of any size, such as <c>10 M</c>.</summary>
    public static string Large(double count) => count switch
    {
        >= 1e9 => $"{Trimmed(count / 1e9)} B",
        >= 1e6 => $"{Trimmed(count / 1e6)} M",
        >= 1e3 => $"{Trimmed(count / 1e3)} k",
        _ => Trimmed(count),
    };

    /// <summary>A mark of an axis: as few digits as it has.</summary>
    public static string Tick(double value) => value.ToString("0.######", CultureInfo.InvariantCulture).Replace("-", "−", StringComparison.Ordinal);

    /// <summary>A mark of an axis of seconds.</summary>
    public static string Axis(double seconds) => Math.Abs(seconds) switch
    {
        0 => "0",
        < 0.001 => $"{Tick(Math.Round(seconds * 1e6))} µs",
        < 1 => $"{Tick(Math.Round(seconds * 1e3, 3))} ms",
        < 120 => $"{Tick(seconds)} s",
        < 7200 => $"{Tick(Math.Round(seconds / 60, 1))} min",
        _ => $"{Tick(Math.Round(seconds / 3600, 1))} h",
    };

    /// <summary>A mark of an axis of counts.</summary>
    public static string LargeTick(double count) => Math.Abs(count) switch
    {
        >= 1e9 => $"{Tick(count / 1e9)} B",
        >= 1e6 => $"{Tick(count / 1e6)} M",
        >= 1e4 => $"{Tick(count / 1e3)} k",
        _ => Tick(count),
    };

    /// <summary>Three significant digits, never in exponent form.</summary>
    public static string Digits(double value)
    {
        if (value == 0 || !double.IsFinite(value))
        {
            return value.ToString(CultureInfo.InvariantCulture);
        }

        var decimals = Math.Clamp(2 - (int)Math.Floor(Math.Log10(Math.Abs(value))), 0, 6);
        return Math.Round(value, decimals).ToString($"F{decimals}", CultureInfo.InvariantCulture);
    }

    private static string Trimmed(double value) => double.Parse(Digits(value), CultureInfo.InvariantCulture).ToString("0.######", CultureInfo.InvariantCulture);
}
