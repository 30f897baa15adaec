using System.Globalization;
using Hybrid.Comparison.Load;
using Hybrid.Contracts.Partitions;
using Spectre.Console;

namespace Hybrid.Cli.CommandLine;

/// <summary>Shows how making partitions goes, on standard error: a bar on a terminal, nothing elsewhere.</summary>
internal static class LoadConsole
{
    public static async Task<InputManifest> RunAsync(string unit, Func<IProgress<LoadProgress>, Task<InputManifest>> work)
    {
        var console = Terminals.Errors();
        if (!console.Profile.Capabilities.Interactive || !console.Profile.Capabilities.Ansi)
        {
            return await work(new Relay(_ => { }));
        }

        return await console.Progress().StartAsync(async context =>
        {
            var bar = context.AddTask(unit);
            return await work(new Relay(progress =>
            {
                bar.MaxValue = Math.Max(1, progress.Total);
                bar.Value = progress.Done;
                bar.Description = string.Create(CultureInfo.InvariantCulture, $"{progress.Done:N0} of {progress.Total:N0} {unit}, {progress.Lines:N0} lines");
            }));
        });
    }

    /// <summary>Reports on the calling thread, so that the last report is not overtaken.</summary>
    private sealed class Relay(Action<LoadProgress> report) : IProgress<LoadProgress>
    {
        public void Report(LoadProgress value) => report(value);
    }
}
