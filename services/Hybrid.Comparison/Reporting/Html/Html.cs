using System.Globalization;
using System.Net;
using Hybrid.Comparison.Evidence;

namespace Hybrid.Comparison.Reporting.Html;

/// <summary>Pieces of a page.</summary>
internal static class Html
{
    public static string Text(string text) => WebUtility.HtmlEncode(text);

    public static string Invariant(FormattableString html) => html.ToString(CultureInfo.InvariantCulture);

    public static string Link(string anchor, string text) => $"<a href=\"#{anchor}\">{Text(text)}</a>";

    public static string Heading(string anchor, string title) => $"<h2 id=\"{anchor}\">{Text(title)}</h2>";

    public static string Note(string text) => $"<p class=\"note\">{Text(text)}</p>";

    /// <summary>A figure with its spread beneath it: half the interval's width, or both its ends where it does not lie evenly about the figure.</summary>
    public static string Figure(Measured? figure, Func<double, string> format) => figure switch
    {
        null => Figures.NotMeasured,
        { } known => $"{Text(format(known.Value))}<small>{Text(Spread.Beneath(known, format))}</small>",
    };

    public static string Seconds(Measured? figure) => Figure(figure, value => Figures.Seconds(value));

    public static string Number(Measured? figure) => Figure(figure, Figures.Digits);

    public static string Count(Measured? figure) => Figure(figure, value => Figures.Count((long)Math.Round(value)));

    public static string Bytes(Measured? figure) => Figure(figure, value => Figures.Bytes((long)value));

    public static string Rate(Measured? figure) => Figure(figure, value => Figures.Rate(value));

    public static string Good(bool good, string text) => $"<span class=\"{(good ? "good" : "bad")}\">{Text(text)}</span>";

    public static string List(IEnumerable<string> lines)
    {
        var items = string.Concat(lines.Select(line => $"<li>{Text(line)}</li>"));
        return items.Length == 0 ? "" : $"<ul>{items}</ul>";
    }
}
