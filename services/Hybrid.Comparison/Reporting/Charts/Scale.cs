namespace Hybrid.Comparison.Reporting.Charts;

/// <summary>Maps values onto pixels, linearly or by their logarithm.</summary>
internal sealed class Scale
{
    private readonly double _from;
    private readonly double _to;
    private readonly double _start;
    private readonly double _end;
    private readonly bool _logarithmic;

    private Scale(double from, double to, double start, double end, bool logarithmic)
    {
        (_from, _to, _start, _end, _logarithmic) = (from, to, start, end, logarithmic);
    }

    /// <summary>The values that get a mark.</summary>
    public IReadOnlyList<double> Ticks { get; private init; } = [];

    public static Scale Linear(double max, double start, double end, int ticks = 5)
    {
        var step = NiceStep(max <= 0 ? 1 : max, ticks);
        var top = Math.Max(step, Math.Ceiling((max <= 0 ? 1 : max) / step) * step);
        var marks = new List<double>();
        for (var i = 0; i * step <= top * 1.0001; i++)
        {
            marks.Add(i * step);
        }

        return new Scale(0, top, start, end, logarithmic: false) { Ticks = marks };
    }

    public static Scale Logarithmic(double min, double max, double start, double end)
    {
        var from = Math.Pow(10, Math.Floor(Math.Log10(Math.Max(min, 1e-6))));
        var to = Math.Pow(10, Math.Ceiling(Math.Log10(Math.Max(max, from * 10))));
        var marks = new List<double>();
        double[] steps = to / from > 1001 ? [1] : [1, 2, 5];
        for (var mark = from; mark <= to * 1.0001; mark *= 10)
        {
            marks.AddRange(steps.Select(step => step * mark).Where(step => step <= to * 1.0001));
        }

        return new Scale(from, to, start, end, logarithmic: true) { Ticks = marks };
    }

    public double At(double value)
    {
        var share = _logarithmic
            ? (Math.Log10(Math.Max(value, _from)) - Math.Log10(_from)) / (Math.Log10(_to) - Math.Log10(_from))
            : (value - _from) / (_to - _from);
        return _start + (Math.Clamp(share, 0, 1) * (_end - _start));
    }

    private static double NiceStep(double max, int ticks)
    {
        var raw = max / ticks;
        var magnitude = Math.Pow(10, Math.Floor(Math.Log10(raw)));
        return (raw / magnitude) switch
        {
            <= 1 => magnitude,
            <= 2 => 2 * magnitude,
            <= 5 => 5 * magnitude,
            _ => 10 * magnitude,
        };
    }
}
