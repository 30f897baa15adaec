using Hybrid.Contracts.Partitions;
using Hybrid.Pipeline.Hosting;

namespace Hybrid.Comparison.Load.Input;

/// <summary>Finds out how partitions are named and how long they are, from the objects' keys.</summary>
internal static class LayoutInference
{
    private static readonly TimeSpan Default = TimeSpan.FromMinutes(5);

    private static readonly (string Template, TimeSpan Unit)[] Usual =
    [
        (PartitionLayout.DefaultTemplate, TimeSpan.FromMinutes(1)),
        ("dt={yyyy-MM-dd}/hour={HH}/minute={mm}/", TimeSpan.FromMinutes(1)),
        ("year={yyyy}/month={MM}/day={dd}/hour={HH}/minute={mm}/", TimeSpan.FromMinutes(1)),
        ("{yyyy}/{MM}/{dd}/{HH}/{mm}/", TimeSpan.FromMinutes(1)),
        ("dt={yyyy-MM-dd}/hh={HH}/", TimeSpan.FromHours(1)),
        ("dt={yyyy-MM-dd}/hour={HH}/", TimeSpan.FromHours(1)),
        ("year={yyyy}/month={MM}/day={dd}/hour={HH}/", TimeSpan.FromHours(1)),
        ("{yyyy}/{MM}/{dd}/{HH}/", TimeSpan.FromHours(1)),
        ("dt={yyyy-MM-dd}/", TimeSpan.FromDays(1)),
        ("{yyyy}/{MM}/{dd}/", TimeSpan.FromDays(1)),
    ];

    /// <summary>The layout that the most keys are of.</summary>
    /// <param name="keys">All keys of the input.</param>
    /// <param name="template">The template, when it is known.</param>
    /// <param name="period">The partitions' length, when it is known.</param>
    /// <param name="source">The input, for messages.</param>
    /// <exception cref="HybridException">No key is of a known layout, or template and period contradict each other.</exception>
    public static PartitionLayout Infer(IReadOnlyList<string> keys, string? template, TimeSpan? period, string source)
    {
        var candidates = template is null ? Usual : [(template, period ?? TimeSpan.FromMinutes(1))];
        foreach (var (candidate, unit) in candidates)
        {
            var layout = Make(candidate, unit, template is not null);
            if (layout is null)
            {
                continue;
            }

            var starts = keys.Select(key => layout.TryParse(key, out var partition) ? partition.Start : (DateTimeOffset?)null).OfType<DateTimeOffset>().Distinct().ToArray();
            if (starts.Length > 0)
            {
                return Make(candidate, period ?? Period(starts, unit), strict: true)!;
            }
        }

        throw HybridException.WrongCall(template is null
            ? $"the input {source} holds no partition: its directories should be named as {PartitionLayout.DefaultTemplate}, or say how with --layout and --period"
            : $"the input {source} holds no partition of the layout {template}: correct --layout and --period, or leave them out");
    }

    private static TimeSpan Period(DateTimeOffset[] starts, TimeSpan unit)
    {
        if (starts.Length == 1)
        {
            return unit >= TimeSpan.FromHours(1) ? unit : starts[0].UtcTicks % Default.Ticks == 0 ? Default : unit;
        }

        var common = starts.Aggregate(TimeSpan.TicksPerDay, (divisor, start) => Divisor(divisor, start.UtcTicks));
        return TimeSpan.FromTicks(common);
    }

    private static long Divisor(long left, long right) => right == 0 ? left : Divisor(right, left % right);

    private static PartitionLayout? Make(string template, TimeSpan period, bool strict)
    {
        try
        {
            return new PartitionLayout(template, period);
        }
        catch (ArgumentException mistake)
        {
            return strict ? throw HybridException.WrongCall($"{mistake.Message.Split(" (Parameter")[0]}: correct --layout or --period") : null;
        }
    }
}
