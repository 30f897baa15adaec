namespace Hybrid.Comparison.Reporting.Changes;

/// <summary>Writes figures by what their names end in.</summary>
internal static class FigureFormats
{
    public static string Write(string name, double value) =>
        name.EndsWith("CoreSeconds", StringComparison.OrdinalIgnoreCase) || name.EndsWith("PerHour", StringComparison.Ordinal) || name.EndsWith("PerMillionRecords", StringComparison.Ordinal) ? Figures.Digits(value)
        : name.EndsWith("PerSecond", StringComparison.Ordinal) ? Figures.Rate(value)
        : name.EndsWith("Seconds", StringComparison.Ordinal) ? Figures.Seconds(value)
        : name.EndsWith("Bytes", StringComparison.Ordinal) ? Figures.Bytes((long)value)
        : Figures.Digits(value);

    /// <summary>The name in words: <c>freshnessP99Seconds</c> is <c>freshness p99</c>.</summary>
    public static string Words(string name)
    {
        foreach (var unit in (string[])["Seconds", "Bytes", "Records", "Documents", "Canaries"])
        {
            if (name.EndsWith(unit, StringComparison.Ordinal) && name.Length > unit.Length && !name.EndsWith("CoreSeconds", StringComparison.OrdinalIgnoreCase) && !name.Contains("Million", StringComparison.Ordinal))
            {
                name = name[..^unit.Length];
                break;
            }
        }

        return string.Concat(name.Select(letter => char.IsUpper(letter) ? $" {char.ToLowerInvariant(letter)}" : $"{letter}"));
    }
}
