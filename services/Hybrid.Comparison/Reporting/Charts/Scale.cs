namespace Hybrid.Comparison.Reporting.Charts;

/// <summary>Maps values onto pixels, linearly or by their logarithm.</summary>
internal sealed class Scale
{
    private const double Rounding = 1e-9;
    private readonly double _from;
    private readonly double _to;
    private readonly double _start;
    private readonly double _end;

    private Scale(double from, double to, double start, double end, bool logarithmic)
    {
        (_from, _to, _start, _end, IsLogarithmic) = (from, to, start, end, logarithmic);
    }

    public bool IsLogarithmic { get; }

    /// <summary>The values that get a mark.</summary>
    public IReadOnlyList<double> Ticks { get; private init; } = [];

    public double From => _from;

    public double To => _to;

    /// <summary>A linear scale that holds 0 and both ends, which are rounded outwards to its marks.</summary>
    public static Scale Linear(double min, double max, double start, double end, int ticks = 5)
    {
        min = Math.Min(0, min);
        max = Math.Max(0, max);
        var step = NiceStep(max - min <= 0 ? 1 : max - min, ticks);
        var bottom = Math.Floor((min / step) + Rounding) * step;
        var top = Math.Max(bottom + step, Math.Ceiling((max / step) - Rounding) * step);
        var count = (int)Math.Round((top - bottom) / step);
        return new Scale(bottom, top, start, end, logarithmic: false) { Ticks = [.. Enumerable.Range(0, count + 1).Select(i => Math.Round((bottom + (i * step)) / step) * step)] };
    }

    /// <summary>A logarithmic scale from one of 1, 2, 5 times a power of ten to another.</summary>
    public static Scale Logarithmic(double min, double max, double start, double end, int ticks = 8)
    {
        min = Math.Max(min, 1e-6);
        max = Math.Max(max, min);
        var from = Rounded(min, down: true);
        var to = Math.Max(Rounded(max, down: false), from * 2);
        return new Scale(from, to, start, end, logarithmic: true) { Ticks = LogarithmicTicks(from, to, ticks) };
    }

    public double At(double value)
    {
        var share = IsLogarithmic
            ? (Math.Log10(Math.Max(value, _from)) - Math.Log10(_from)) / (Math.Log10(_to) - Math.Log10(_from))
            : (value - _from) / (_to - _from);
        return _start + (Math.Clamp(share, 0, 1) * (_end - _start));
    }

    private static double Rounded(double value, bool down)
    {
        var magnitude = Math.Pow(10, Math.Floor(Math.Log10(value)));
        double[] steps = [1, 2, 5, 10];
        return magnitude * (down
            ? steps.Last(step => step * magnitude <= value * (1 + Rounding))
            : steps.First(step => step * magnitude >= value * (1 - Rounding)));
    }

    private static double[] LogarithmicTicks(double from, double to, int most)
    {
        double[][] candidates = [[1, 2, 5], [1, 3], [1]];
        var first = (int)Math.Floor(Math.Log10(from));
        var last = (int)Math.Ceiling(Math.Log10(to));
        double[] marks = [];
        for (var every = 1; every <= 4; every++)
        {
            foreach (var steps in every == 1 ? candidates : [[1]])
            {
                marks =
                [
                    .. Enumerable.Range(first, last - first + 1)
                        .Where(power => power % every == 0)
                        .SelectMany(power => steps.Select(step => step * Math.Pow(10, power)))
                        .Where(mark => mark >= from * (1 - Rounding) && mark <= to * (1 + Rounding)),
                ];
                if (marks.Length <= most)
                {
                    return marks.Length >= 2 ? marks : [from, to];
                }
            }
        }

        return marks;
    }

    private static double NiceStep(double range, int ticks)
    {
        var raw = range / ticks;
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
