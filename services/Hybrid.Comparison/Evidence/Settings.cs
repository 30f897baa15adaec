using System.Globalization;

namespace Hybrid.Comparison.Evidence;

/// <summary>Settings as reports hold them: text by name.</summary>
internal static class Settings
{
    /// <summary>The first with the second's over them.</summary>
    public static Dictionary<string, string> Merge(IReadOnlyDictionary<string, string> all, IReadOnlyDictionary<string, string> over)
    {
        var merged = new Dictionary<string, string>(all, StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in over)
        {
            merged[name] = value;
        }

        return merged;
    }

    /// <summary>A bare number of seconds.</summary>
    public static double? Seconds(IReadOnlyDictionary<string, string> settings, string name) =>
        settings.TryGetValue(name, out var text) && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) ? seconds : null;
}
