using System.Text;

namespace Hybrid.Comparison.Reporting;

/// <summary>The names that parts of report.html are linked by.</summary>
internal static class Anchors
{
    public static string Lane(string lane) => $"lane-{Slug(lane)}";

    /// <summary>A lane at one point of an experiment.</summary>
    public static string Point(string kind, string lane, string point) => $"point-{Slug(kind)}-{Slug(lane)}-{Slug(point)}";

    /// <summary>One run of an experiment.</summary>
    public static string Run(string id) => $"run-{Slug(id)}";

    /// <summary>What a figure means.</summary>
    public static string Definition(string term) => $"def-{Slug(term)}";

    /// <summary>Letters and digits as they are, everything else by its code, so that different names stay different.</summary>
    private static string Slug(string text)
    {
        var slug = new StringBuilder(text.Length);
        foreach (var letter in text)
        {
            if (char.IsAsciiLetterOrDigit(letter) || letter == '-')
            {
                slug.Append(letter);
            }
            else if (letter is '/' or '=' or ' ')
            {
                slug.Append('_');
            }
            else
            {
                slug.Append('.').Append(((int)letter).ToString("x", System.Globalization.CultureInfo.InvariantCulture));
            }
        }

        return slug.ToString();
    }
}
