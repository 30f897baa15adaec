using System.Globalization;

namespace Hybrid.Comparison.Cost;

/// <summary>How much processor time the hypervisor gave to others, from <c>/proc/stat</c> (proc(5)).</summary>
/// <param name="Steal">Ticks stolen.</param>
/// <param name="Total">All ticks.</param>
internal readonly record struct ProcessorSteal(long Steal, long Total)
{
    private const int StealColumn = 8;
    private const int CountedColumns = 8;

    /// <summary>The counters now; null where there are none.</summary>
    public static ProcessorSteal? Now()
    {
        try
        {
            return File.Exists("/proc/stat") ? Parse(File.ReadLines("/proc/stat").First()) : null;
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>Reads the line <c>cpu user nice system idle iowait irq softirq steal …</c>; guests are counted within user.</summary>
    public static ProcessorSteal? Parse(string line)
    {
        var columns = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (columns.Length <= StealColumn || columns[0] != "cpu")
        {
            return null;
        }

        var ticks = columns.Skip(1).Take(CountedColumns).Select(column => long.Parse(column, CultureInfo.InvariantCulture)).ToArray();
        return new ProcessorSteal(ticks[StealColumn - 1], ticks.Sum());
    }

    /// <summary>The share stolen since an earlier reading, 0 to 1.</summary>
    public double ShareSince(ProcessorSteal earlier) => Total > earlier.Total ? (double)(Steal - earlier.Steal) / (Total - earlier.Total) : 0;
}
