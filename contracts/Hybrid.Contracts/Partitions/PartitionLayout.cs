using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Hybrid.Contracts.Partitions;

/// <summary>
/// How partitions are named in the object store: a template whose braces hold .NET date format parts of the partition's start in UTC,
/// such as <c>dt={yyyy-MM-dd}/hh={HH}/mm={mm}/</c>. Time zones and daylight saving do not matter.
/// </summary>
public sealed class PartitionLayout
{
    /// <summary>The layout when none is given.</summary>
    public const string DefaultTemplate = "dt={yyyy-MM-dd}/hh={HH}/mm={mm}/";

    private readonly Regex _pattern;
    private readonly string[] _formats;

    /// <summary>Makes a layout.</summary>
    /// <param name="template">The template; ends with a slash and names at least the day.</param>
    /// <param name="period">The partitions' length, from one second to one day.</param>
    /// <exception cref="ArgumentException">The template is not one, or cannot tell partitions of that period apart.</exception>
    public PartitionLayout(string template, TimeSpan period)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(template);
        if (!template.EndsWith('/'))
        {
            throw new ArgumentException($"the layout '{template}' must end with a slash", nameof(template));
        }

        Template = template;
        Period = period;
        _formats = [.. Regex.Matches(template, @"\{([^{}]+)\}").Select(match => match.Groups[1].Value)];
        var pattern = new StringBuilder("^");
        var at = 0;
        foreach (Match match in Regex.Matches(template, @"\{([^{}]+)\}"))
        {
            pattern.Append(Regex.Escape(template[at..match.Index])).Append("([^/]+?)");
            at = match.Index + match.Length;
        }

        _pattern = new Regex(pattern.Append(Regex.Escape(template[at..])).ToString(), RegexOptions.CultureInvariant);
        var first = PartitionId.Containing(new DateTimeOffset(2011, 12, 1, 0, 0, 0, TimeSpan.Zero), period);
        if (_formats.Length == 0 || Prefix(first) == Prefix(first.Next) || !TryParse(Prefix(first.Next), out var parsed) || parsed != first.Next)
        {
            throw new ArgumentException($"the layout '{template}' cannot tell partitions of {period} apart", nameof(template));
        }
    }

    /// <summary>The template.</summary>
    public string Template { get; }

    /// <summary>The partitions' length.</summary>
    public TimeSpan Period { get; }

    /// <summary>The key prefix of all objects of a partition, ending with a slash.</summary>
    /// <param name="partition">The partition.</param>
    public string Prefix(PartitionId partition) =>
        Regex.Replace(Template, @"\{([^{}]+)\}", match => partition.Start.ToString(Custom(match.Groups[1].Value), CultureInfo.InvariantCulture));

    /// <summary>Tells which partition an object belongs to.</summary>
    /// <param name="key">The object's key, relative to the source's root.</param>
    /// <param name="partition">The partition, when the key is of this layout.</param>
    /// <returns>False when the key is not of this layout.</returns>
    public bool TryParse(string key, out PartitionId partition)
    {
        partition = default;
        ArgumentNullException.ThrowIfNull(key);
        var match = _pattern.Match(key);
        if (!match.Success)
        {
            return false;
        }

        var text = string.Join('\u001f', match.Groups.Values.Skip(1).Select(group => group.Value));
        var format = string.Join('\u001f', _formats);
        if (!DateTimeOffset.TryParseExact(
                text, format, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var start)
            || start.UtcTicks % Period.Ticks != 0)
        {
            return false;
        }

        partition = new PartitionId(start, Period);
        return true;
    }

    private static string Custom(string format) => format.Length == 1 ? "%" + format : format;
}
