using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Hybrid.Contracts.Json;

/// <summary>Says what is wrong with a JSON file to whoever wrote it, who has never heard of the types that it is read into.</summary>
public static partial class JsonMistake
{
    /// <summary>One line: what is wrong, and where.</summary>
    /// <param name="mistake">What the reader threw.</param>
    public static string Describe(JsonException mistake)
    {
        ArgumentNullException.ThrowIfNull(mistake);
        var message = mistake.Message.ReplaceLineEndings(" ");
        var what =
            Unknown().Match(message) is { Success: true } unknown ? $"'{unknown.Groups["name"].Value}' is not known"
            : Missing().Match(message) is { Success: true } missing ? $"there is no {missing.Groups["names"].Value}"
            : WrongKind().IsMatch(message) ? "the value is not of the kind that belongs there"
            : null;
        return what is null || mistake.LineNumber is not { } line
            ? what ?? message
            : string.Create(CultureInfo.InvariantCulture, $"{what}, in line {line + 1} at {mistake.Path}");
    }

    [GeneratedRegex("^The JSON property '(?<name>.*)' could not be mapped to any ")]
    private static partial Regex Unknown();

    [GeneratedRegex("missing required properties including: (?<names>'[^.]*)\\.")]
    private static partial Regex Missing();

    [GeneratedRegex("^The JSON value could not be converted to ")]
    private static partial Regex WrongKind();
}
