using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Exporters;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace Hybrid.Benchmarks.Micro;

/// <summary>Time and allocation of one record in each step, by BenchmarkDotNet.</summary>
internal static class MicroBench
{
    /// <param name="arguments">BenchmarkDotNet's; none for every benchmark.</param>
    /// <returns>Whether every benchmark that was asked for has a figure.</returns>
    public static bool Run(string[] arguments)
    {
        // In this process: BenchmarkDotNet's own way writes, restores and builds a project, which a machine without the feed cannot.
        var config = ManualConfig.CreateEmpty()
            .AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance))
            .AddDiagnoser(MemoryDiagnoser.Default)
            .AddColumnProvider(DefaultColumnProviders.Instance)
            .AddExporter(MarkdownExporter.GitHub)
            .AddLogger(ConsoleLogger.Default)
            .WithArtifactsPath(Path.Combine(Path.GetTempPath(), "hybrid-bench-micro"));
        var summaries = BenchmarkSwitcher.FromAssembly(typeof(MicroBench).Assembly).Run(arguments is [] ? ["--filter", "*"] : arguments, config).ToArray();
        return summaries.Length > 0 && summaries.All(summary => !summary.HasCriticalValidationErrors && summary.Reports.All(report => report.Success));
    }
}
