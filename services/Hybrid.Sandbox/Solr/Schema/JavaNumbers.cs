using System.Globalization;

namespace Hybrid.Sandbox.Solr.Schema;

/// <summary>Numbers as Java's <c>toString</c> writes them, which is how Solr answers.</summary>
internal static class JavaNumbers
{
    /// <inheritdoc cref="Format(double)"/>
    public static string Format(float value) => Math.Abs(value) is >= 1e-3f and < 1e7f
        ? WithFraction(value.ToString("R", CultureInfo.InvariantCulture))
        : Format((double)value);

    /// <summary>The shortest text that reads back as the same number.</summary>
    public static string Format(double value)
    {
        if (double.IsNaN(value))
        {
            return "NaN";
        }

        if (double.IsInfinity(value))
        {
            return value > 0 ? "Infinity" : "-Infinity";
        }

        var magnitude = Math.Abs(value);
        if (magnitude == 0)
        {
            return double.IsNegative(value) ? "-0.0" : "0.0";
        }

        return magnitude is >= 1e-3 and < 1e7 ? WithFraction(value.ToString("R", CultureInfo.InvariantCulture)) : Scientific(value);
    }

    private static string WithFraction(string text) => text.Contains('.', StringComparison.Ordinal) ? text : text + ".0";

    private static string Scientific(double value)
    {
        var text = value.ToString("E16", CultureInfo.InvariantCulture);
        var exponent = int.Parse(text.AsSpan(text.IndexOf('E', StringComparison.Ordinal) + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        var digits = Digits(value.ToString("R", CultureInfo.InvariantCulture));
        var fraction = digits.Length > 1 ? digits[1..] : "0";
        return string.Create(CultureInfo.InvariantCulture, $"{(value < 0 ? "-" : string.Empty)}{digits[0]}.{fraction}E{exponent}");
    }

    private static string Digits(string shortest)
    {
        var mantissa = shortest.Split('E')[0];
        var digits = mantissa.Replace(".", string.Empty, StringComparison.Ordinal).TrimStart('-').TrimStart('0').TrimEnd('0');
        return digits.Length == 0 ? "0" : digits;
    }
}
