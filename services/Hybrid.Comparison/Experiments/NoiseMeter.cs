using System.Diagnostics;
using Hybrid.Comparison.Observer;
using Hybrid.Comparison.Processes;
using Hybrid.Contracts.Reports.Experiments;

namespace Hybrid.Comparison.Experiments;

/// <summary>Measures through a run what makes its figures doubtful: the machine's other work, and the lateness of those who measure.</summary>
/// <param name="servicesCpuSeconds">Processor time so far of everything that this comparison started, core-seconds.</param>
internal sealed class NoiseMeter(Func<double> servicesCpuSeconds)
{
    private readonly MachineLoad? _load = MachineLoad.Now();
    private readonly double _services = servicesCpuSeconds();
    private readonly TimeSpan _own = Environment.CpuUsage.TotalTime;
    private readonly long _started = Stopwatch.GetTimestamp();

    /// <summary>What was measured since.</summary>
    /// <param name="generator">How late each put began, seconds.</param>
    /// <param name="observer">How late each question was asked, seconds.</param>
    public NoiseReport Read(IReadOnlyList<double> generator, IReadOnlyList<double> observer)
    {
        var seconds = Stopwatch.GetElapsedTime(_started).TotalSeconds;
        var own = (Environment.CpuUsage.TotalTime - _own).TotalSeconds;
        var cores = Environment.ProcessorCount;
        var now = MachineLoad.Now();
        var late = Distributions.Of(generator);
        return new NoiseReport
        {
            GeneratorLatenessP99Seconds = late?.P99,
            GeneratorLatenessMaxSeconds = late?.Max,
            ObserverLatenessP99Seconds = Distributions.Of(observer)?.P99,
            StealShare = _load is { } before ? now?.StealSince(before) : null,
            OtherLoadShare = _load is { } begun ? now?.OthersSince(begun, own + servicesCpuSeconds() - _services, seconds, cores) : null,
            MeasuringShare = seconds > 0 ? Math.Clamp(own / (seconds * cores), 0, 1) : null,
        };
    }
}
