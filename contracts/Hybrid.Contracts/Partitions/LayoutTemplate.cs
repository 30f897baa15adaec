namespace Hybrid.Contracts.Partitions;

/// <summary>Reads the templates of layouts.</summary>
internal static class LayoutTemplate
{
    private const string Known = "yyyy, MM, dd, HH, mm, ss, epoch or epoch-ms";

    /// <summary>Splits a template into its parts; literals next to each other are one.</summary>
    /// <exception cref="ArgumentException">It is no template: what is wrong, in one line.</exception>
    public static LayoutPart[] Parse(string template)
    {
        var parts = new List<LayoutPart>();
        for (var at = 0; at < template.Length;)
        {
            if (template[at] == '{')
            {
                var end = template.IndexOf('}', at);
                if (end < 0)
                {
                    throw Mistake(template, "has a brace that is not closed");
                }

                Format(template, template[(at + 1)..end], parts);
                at = end + 1;
                continue;
            }

            var next = template.IndexOfAny(['{', '}'], at);
            next = next < 0 ? template.Length : next;
            if (next == at)
            {
                throw Mistake(template, "has a closing brace without an opening one");
            }

            Literal(template[at..next], parts);
            at = next;
        }

        Check(template, parts);
        return [.. parts];
    }

    public static ArgumentException Mistake(string template, string what) => new($"the layout '{template}' {what}", nameof(template));

    private static void Format(string template, string format, List<LayoutPart> parts)
    {
        if (format is "epoch" or "epoch-s" or "epoch-seconds" or "epoch-ms" or "epoch-milliseconds")
        {
            parts.Add(new LayoutPart(format is "epoch-ms" or "epoch-milliseconds" ? LayoutUnit.EpochMilliseconds : LayoutUnit.EpochSeconds, 0, format));
            return;
        }

        // A single letter may have a percent sign before it, as .NET's own formats need it.
        for (var at = format.StartsWith('%') ? 1 : 0; at < format.Length;)
        {
            var letter = format[at];
            var end = at + 1;
            if (letter == '\'')
            {
                end = format.IndexOf('\'', at + 1);
                if (end < 0)
                {
                    throw Mistake(template, $"has a quote in {{{format}}} that is not closed");
                }

                Literal(format[(at + 1)..end], parts);
                at = end + 1;
                continue;
            }

            if (!char.IsAsciiLetter(letter))
            {
                Literal(letter.ToString(), parts);
                at = end;
                continue;
            }

            while (end < format.Length && format[end] == letter)
            {
                end++;
            }

            parts.Add(Number(template, format[at..end]));
            at = end;
        }

        if (format.Length == 0)
        {
            throw Mistake(template, $"has empty braces: use {Known}");
        }
    }

    private static LayoutPart Number(string template, string text) => text switch
    {
        "yyyy" => new LayoutPart(LayoutUnit.Year, 4, text),
        "MM" or "M" => new LayoutPart(LayoutUnit.Month, text.Length == 2 ? 2 : 0, text),
        "dd" or "d" => new LayoutPart(LayoutUnit.Day, text.Length == 2 ? 2 : 0, text),
        "HH" or "H" => new LayoutPart(LayoutUnit.Hour, text.Length == 2 ? 2 : 0, text),
        "mm" or "m" => new LayoutPart(LayoutUnit.Minute, text.Length == 2 ? 2 : 0, text),
        "ss" or "s" => new LayoutPart(LayoutUnit.Second, text.Length == 2 ? 2 : 0, text),
        "hh" or "h" => throw Mistake(template, $"has {text}, the clock of twelve hours, which is ambiguous: use HH"),
        "yy" or "y" => throw Mistake(template, $"has {text}, a year without its century, which is ambiguous: use yyyy"),
        _ => throw Mistake(template, $"has '{text}' in braces, which is none of {Known}"),
    };

    private static void Literal(string text, List<LayoutPart> parts)
    {
        if (parts.Count > 0 && parts[^1].Unit == LayoutUnit.Literal)
        {
            parts[^1] = parts[^1] with { Text = parts[^1].Text + text };
        }
        else if (text.Length > 0)
        {
            parts.Add(new LayoutPart(LayoutUnit.Literal, 0, text));
        }
    }

    private static void Check(string template, List<LayoutPart> parts)
    {
        if (!template.EndsWith('/'))
        {
            throw Mistake(template, "must end with a slash");
        }

        for (var i = 0; i < parts.Count - 1; i++)
        {
            var next = parts[i + 1];
            if (parts[i].Unit != LayoutUnit.Literal && parts[i].Width == 0 && (next.Unit != LayoutUnit.Literal || char.IsAsciiDigit(next.Text[0])))
            {
                throw Mistake(template, $"is ambiguous: nobody can tell where {parts[i].Text} ends and {next.Text} begins");
            }
        }

        if (parts.Exists(part => part.IsEpoch))
        {
            return;
        }

        var units = parts.Where(part => part.Unit != LayoutUnit.Literal).Select(part => part.Unit).ToHashSet();
        var finest = units.Count == 0 ? throw Mistake(template, $"names no time: put {Known} into braces") : units.Max();
        for (var unit = LayoutUnit.Year; unit < finest; unit++)
        {
            if (!units.Contains(unit))
            {
                var hint = finest >= LayoutUnit.Minute && unit == LayoutUnit.Month ? " (MM is the month, mm the minute)" : "";
                throw Mistake(template, $"is ambiguous: it names the {Name(finest)} but not the {Name(unit)}{hint}");
            }
        }
    }

    internal static string Name(LayoutUnit unit) => unit.ToString().ToLowerInvariant();
}
