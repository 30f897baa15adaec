using System.Globalization;
using System.Text;

namespace Hybrid.Comparison.Reporting.Charts;

/// <summary>A bar in parts.</summary>
/// <param name="Name">A lane.</param>
/// <param name="Parts">The parts' lengths, in the order of the chart's parts; empty when it was not measured.</param>
/// <param name="Text">The whole, as it is written at the end.</param>
internal sealed record Bar(string Name, IReadOnlyList<double> Parts, string Text);

/// <summary>A horizontal bar a lane, in parts where it has several; a lane without a figure is named as not measured.</summary>
internal sealed class BarChart : Chart
{
    private const int Row = 34;
    private const int Thickness = 20;
    private const int AxisRoom = 44;

    public required IReadOnlyList<Bar> Bars { get; init; }

    public required Axis Axis { get; init; }

    /// <summary>The parts' names; one without a name for a bar that has no parts.</summary>
    public IReadOnlyList<string> Parts { get; init; } = [""];

    protected override IReadOnlyList<string> Names => [];

    protected override bool IsEmpty => Bars.All(bar => bar.Parts.Count == 0);

    private bool HasParts => Parts.Count > 1;

    protected override string Legend()
    {
        if (!HasParts)
        {
            return "";
        }

        var legend = new StringBuilder("<div class=\"legend\">");
        for (var i = 0; i < Parts.Count; i++)
        {
            legend.Append(CultureInfo.InvariantCulture, $"<span><svg class=\"dot\" viewBox=\"0 0 12 12\" aria-hidden=\"true\"><rect class=\"part{i}\" width=\"12\" height=\"12\"/></svg>{Text(Parts[i])}</span>");
        }

        return legend.Append("</div>").ToString();
    }

    protected override void Draw(StringBuilder svg, Frame frame)
    {
        var narrow = frame.Name == "narrow";
        var left = narrow ? 8 : 118;
        var right = frame.Width - (narrow ? 74 : 96);
        var row = narrow ? Row + 14 : Row;
        var bottom = (Bars.Count * row) + 4;
        var scale = Scale.Linear(0, Bars.Max(bar => bar.Parts.Sum()), left, right, narrow ? 3 : 6);
        Open(svg, frame, bottom + AxisRoom);
        foreach (var tick in scale.Ticks)
        {
            svg.Append(CultureInfo.InvariantCulture, $"<line class=\"grid\" x1=\"{Pixel(scale.At(tick))}\" x2=\"{Pixel(scale.At(tick))}\" y1=\"2\" y2=\"{bottom}\"/><text class=\"tick\" x=\"{Pixel(scale.At(tick))}\" y=\"{bottom + 15}\" text-anchor=\"middle\">{Text(Axis.Format(tick))}</text>");
        }

        svg.Append(CultureInfo.InvariantCulture, $"<text class=\"label\" x=\"{(left + right) / 2}\" y=\"{bottom + 34}\" text-anchor=\"middle\">{Text(Axis.Label)}</text>");
        for (var i = 0; i < Bars.Count; i++)
        {
            var top = (i * row) + (narrow ? 20 : 6);
            svg.Append(narrow
                ? $"<text class=\"name\" x=\"{left}\" y=\"{top - 5}\">{Text(Bars[i].Name)}</text>"
                : $"<text class=\"name\" x=\"{left - 8}\" y=\"{top + 15}\" text-anchor=\"end\">{Text(Bars[i].Name)}</text>");
            Segments(svg, Bars[i], scale, top);
        }

        svg.Append("</svg>");
    }

    private void Segments(StringBuilder svg, Bar bar, Scale scale, int top)
    {
        var from = 0.0;
        for (var part = 0; part < bar.Parts.Count; part++)
        {
            var (begin, end) = (scale.At(from), scale.At(from + bar.Parts[part]));
            from += bar.Parts[part];
            if (bar.Parts[part] > 0)
            {
                var title = HasParts ? $"{bar.Name}: {Parts[part]} {Axis.Format(bar.Parts[part])}" : $"{bar.Name}: {bar.Text}";
                svg.Append(CultureInfo.InvariantCulture, $"<rect class=\"bar {(HasParts ? $"part{part}" : Palette.Of(bar.Name))}\" x=\"{Pixel(begin)}\" y=\"{top}\" width=\"{Pixel(Math.Max(0.8, end - begin))}\" height=\"{Thickness}\"><title>{Text(title)}</title></rect>");
            }
        }

        svg.Append(CultureInfo.InvariantCulture, $"<text class=\"value\" x=\"{Pixel(scale.At(from) + 6)}\" y=\"{top + 15}\">{Text(bar.Parts.Count == 0 ? "not measured" : bar.Text)}</text>");
    }
}
