using System.Diagnostics;

namespace Hybrid.Benchmarks.Chain;

/// <summary>What one round came to.</summary>
/// <param name="PerSecond">Records a second.</param>
/// <param name="ProcessorMicroseconds">Processor time of a record in this process and the sandbox together, microseconds: what the ratio is made of
/// where both share the cores, and less moved by a busy machine than the rate.</param>
/// <param name="AllocatedBytes">Bytes that this process allocated a record.</param>
internal readonly record struct Measured(double PerSecond, double ProcessorMicroseconds, double AllocatedBytes)
{
    /// <summary>Measures one round.</summary>
    /// <param name="sandbox">What it runs on.</param>
    /// <param name="records">Its records.</param>
    /// <param name="round">Does it.</param>
    public static async Task<Measured> OfAsync(SandboxProcess sandbox, int records, Func<Task> round)
    {
        // Neither side pays for what the other one, or the preparation, left behind.
        GC.Collect();
        var allocated = GC.GetTotalAllocatedBytes(precise: true);
        var processor = ProcessorTime(sandbox);
        var clock = Stopwatch.StartNew();
        await round();
        var seconds = clock.Elapsed.TotalSeconds;
        return new Measured(
            records / seconds,
            (ProcessorTime(sandbox) - processor).TotalMicroseconds / records,
            (double)(GC.GetTotalAllocatedBytes(precise: true) - allocated) / records);
    }

    private static TimeSpan ProcessorTime(SandboxProcess sandbox) => Environment.CpuUsage.TotalTime + sandbox.ProcessorTime;
}
