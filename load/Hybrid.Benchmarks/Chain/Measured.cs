using System.Diagnostics;
using System.Globalization;

namespace Hybrid.Benchmarks.Chain;

/// <summary>What one round came to. Where both sides share the cores the processor time decides, and a busy machine moves it less than the rate.</summary>
/// <param name="PerSecond">Records a second.</param>
internal readonly record struct Measured(double PerSecond)
{
    /// <summary>Processor time of a record in this process, microseconds.</summary>
    public double OwnMicroseconds { get; init; }

    /// <summary>Processor time of a record in the sandbox, microseconds.</summary>
    public double SandboxMicroseconds { get; init; }

    /// <summary>Time in which the garbage collector held this process still, microseconds a record.</summary>
    public double PauseMicroseconds { get; init; }

    /// <summary>Bytes that this process allocated a record.</summary>
    public double AllocatedBytes { get; init; }

    /// <summary>Measures one round.</summary>
    /// <param name="sandbox">What it runs on.</param>
    /// <param name="records">Its records.</param>
    /// <param name="round">Does it.</param>
    public static async Task<Measured> OfAsync(SandboxProcess sandbox, int records, Func<Task> round)
    {
        // Neither side pays for what the other one, or the preparation, left behind.
        GC.Collect();
        var allocated = GC.GetTotalAllocatedBytes(precise: true);
        var (paused, own, others) = (GC.GetTotalPauseDuration(), Environment.CpuUsage.TotalTime, sandbox.ProcessorTime);
        var clock = Stopwatch.StartNew();
        await round();
        return new Measured(records / clock.Elapsed.TotalSeconds)
        {
            OwnMicroseconds = (Environment.CpuUsage.TotalTime - own).TotalMicroseconds / records,
            SandboxMicroseconds = (sandbox.ProcessorTime - others).TotalMicroseconds / records,
            PauseMicroseconds = (GC.GetTotalPauseDuration() - paused).TotalMicroseconds / records,
            AllocatedBytes = (double)(GC.GetTotalAllocatedBytes(precise: true) - allocated) / records,
        };
    }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{PerSecond:N0}/s, a record {OwnMicroseconds:0.0} µs of processor here and {SandboxMicroseconds:0.0} in the sandbox, {PauseMicroseconds:0.0} µs of garbage collection, {AllocatedBytes:N0} bytes");
}
