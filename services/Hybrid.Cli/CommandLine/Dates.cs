using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Hybrid.Cli.CommandLine;

/// <summary>Instants of event time as people type them, always UTC: <c>2010-12-01</c> or <c>2010-12-01T08:00Z</c>.</summary>
internal static class Dates
{
    private static readonly string[] Formats =
        ["yyyy-MM-dd", "yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd'T'HH:mm'Z'", "yyyy-MM-dd'T'HH:mm:ss", "yyyy-MM-dd'T'HH:mm:ss'Z'"];

    /// <summary>Makes an option that takes an instant.</summary>
    public static Option<DateTimeOffset?> Option(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "DATE",
        CustomParser = Parse,
    };

    /// <summary>Makes an option that takes a moment that has passed: an instant, or how long ago it was, as in <c>2h</c>.</summary>
    public static Option<DateTimeOffset?> PastOption(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "TIME",
        CustomParser = result => Durations.TryParse(result.Tokens.Single().Value, out var ago) ? TimeProvider.System.GetUtcNow() - ago : Parse(result),
    };

    private static DateTimeOffset? Parse(ArgumentResult result)
    {
        var text = result.Tokens.Single().Value;
        if (DateTimeOffset.TryParseExact(
            text, Formats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var instant))
        {
            return instant;
        }

        result.AddError($"'{text}' is no date: write 2010-12-01 or 2010-12-01T08:00Z (UTC).");
        return null;
    }
}
