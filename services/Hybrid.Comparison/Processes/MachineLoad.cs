using System.Globalization;

namespace Hybrid.Comparison.Processes;

/// <summary>What the whole machine's processors did so far, from <c>/proc/stat</c> (proc(5)); shares are of all processors.</summary>
/// <param name="Busy">Ticks spent on this machine's processes.</param>
/// <param name="Steal">Ticks that the hypervisor gave to other machines.</param>
/// <param name="Total">All ticks.</param>
internal readonly record struct MachineLoad(long Busy, long Steal, long Total)
{
    private const int Idle = 3;
    private const int WaitingForDisk = 4;
    private const int Stolen = 7;

    /// <summary>The counters now; null where there are none.</summary>
    public static MachineLoad? Now()
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

    /// <summary>Reads the line <c>cpu user nice system idle iowait irq softirq steal …</c>.</summary>
    public static MachineLoad? Parse(string line)
    {
        var columns = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (columns.Length <= Stolen + 1 || columns[0] != "cpu")
        {
            return null;
        }

        var ticks = columns.Skip(1).Take(Stolen + 1).Select(column => long.Parse(column, CultureInfo.InvariantCulture)).ToArray();
        var total = ticks.Sum();
        return new MachineLoad(total - ticks[Idle] - ticks[WaitingForDisk] - ticks[Stolen], ticks[Stolen], total);
    }

    /// <summary>The share stolen since an earlier reading, 0 to 1; null when no time has passed.</summary>
    public double? StealSince(MachineLoad earlier) => Total > earlier.Total ? Math.Clamp((double)(Steal - earlier.Steal) / (Total - earlier.Total), 0, 1) : null;

    /// <summary>The share that others' processes used since an earlier reading, 0 to 1; null when no time has passed.</summary>
    /// <param name="earlier">The earlier reading.</param>
    /// <param name="ownCoreSeconds">What our own processes used meanwhile, core-seconds.</param>
    /// <param name="seconds">The wall time between, seconds.</param>
    /// <param name="cores">Processors.</param>
    public double? OthersSince(MachineLoad earlier, double ownCoreSeconds, double seconds, int cores) =>
        Total > earlier.Total && seconds > 0
            ? Math.Clamp(((double)(Busy - earlier.Busy) / (Total - earlier.Total)) - (ownCoreSeconds / (seconds * cores)), 0, 1)
            : null;
}
