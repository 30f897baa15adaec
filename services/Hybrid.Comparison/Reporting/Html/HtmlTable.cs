using System.Text;

namespace Hybrid.Comparison.Reporting.Html;

/// <summary>A table whose columns link to what their figures mean, in a box of its own that scrolls where the page is narrow.</summary>
internal sealed class HtmlTable
{
    private readonly List<(string Head, string? Term, bool Words)> _columns = [];
    private readonly StringBuilder _rows = new();

    public bool IsEmpty => _rows.Length == 0;

    /// <summary>A column of figures.</summary>
    public HtmlTable Figure(string head, string? term = null)
    {
        _columns.Add((head, term, Words: false));
        return this;
    }

    /// <summary>A column of words.</summary>
    public HtmlTable Words(string head, string? term = null)
    {
        _columns.Add((head, term, Words: true));
        return this;
    }

    /// <summary>A row; the cells are HTML.</summary>
    public HtmlTable Row(params ReadOnlySpan<string> cells) => Row(anchor: null, cells);

    /// <summary>A row that can be linked to.</summary>
    public HtmlTable Anchored(string anchor, params ReadOnlySpan<string> cells) => Row(anchor, cells);

    public string Render()
    {
        if (IsEmpty)
        {
            return "";
        }

        var head = new StringBuilder();
        foreach (var (name, term, words) in _columns)
        {
            head.Append(words ? "<th scope=\"col\" class=\"words\">" : "<th scope=\"col\">")
                .Append(term is null ? Html.Text(name) : Html.Link(Anchors.Definition(term), name))
                .Append("</th>");
        }

        return $"<div class=\"scroll\" tabindex=\"0\"><table><thead><tr>{head}</tr></thead><tbody>{_rows}</tbody></table></div>\n";
    }

    private HtmlTable Row(string? anchor, ReadOnlySpan<string> cells)
    {
        _rows.Append(anchor is null ? "<tr>" : $"<tr id=\"{anchor}\">");
        for (var i = 0; i < cells.Length; i++)
        {
            _rows.Append(_columns[i].Words ? "<td class=\"words\">" : "<td>").Append(cells[i]).Append("</td>");
        }

        _rows.Append("</tr>");
        return this;
    }
}
