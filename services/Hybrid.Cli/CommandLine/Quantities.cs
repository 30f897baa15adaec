using System.CommandLine;
using System.Globalization;

namespace Hybrid.Cli.CommandLine;

/// <summary>Large counts as people type them: <c>250k</c>, <c>10M</c>, <c>5B</c>, <c>1.5e9</c>.</summary>
internal static class Quantities
{
    private static readonly (string Suffix, double Factor)[] Units = [("k", 1e3), ("K", 1e3), ("M", 1e6), ("B", 1e9), ("G", 1e9), ("T", 1e12)];

    public static bool TryParse(string text, out double quantity)
    {
        var factor = 1.0;
        foreach (var (suffix, times) in Units)
        {
            if (text.EndsWith(suffix, StringComparison.Ordinal))
            {
                (text, factor) = (text[..^suffix.Length], times);
                break;
            }
        }

        var parsed = double.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out quantity);
        quantity *= factor;
        return parsed && double.IsFinite(quantity);
    }

    /// <summary>Makes an option that takes a quantity.</summary>
    public static Option<double?> Option(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "N",
        CustomParser = result =>
        {
            var text = result.Tokens.Single().Value;
            if (TryParse(text, out var quantity))
            {
                return quantity;
            }

            result.AddError($"'{text}' is no number: write 250k, 10M, 5B or 1000000.");
            return null;
        },
    };
}
