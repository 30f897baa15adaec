using System.Globalization;
using Hybrid.Comparison.Load.Generate;
using Hybrid.Comparison.Progress;
using Hybrid.Contracts.Lanes;
using Hybrid.Contracts.Reports;
using Hybrid.Pipeline.Hosting;

namespace Hybrid.Comparison.Experiments;

/// <summary>
/// The tour: generated partitions with everything that real ones have (bursts, late objects, deletes, lines that are no deltas), replayed
/// into each lane on a sandbox.
/// </summary>
public static class DemoRunner
{
    private static readonly TimeSpan SlowestPace = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan FastestPace = TimeSpan.FromMilliseconds(100);

    /// <summary>The lanes of the tour: all of this build but hybrid, which is two of them at once.</summary>
    public static IReadOnlyList<string> Tour { get; } =
        [.. LaneCatalog.Available.Intersect([LaneNames.MicroBatch, LaneNames.Streaming, LaneNames.Streamiz, LaneNames.Direct, LaneNames.Batch])];

    /// <summary>Generates, compares and writes the report's files.</summary>
    /// <param name="options">How.</param>
    /// <param name="progress">Is told how it goes.</param>
    /// <param name="cancellationToken">Ends it; nothing is left running.</param>
    /// <exception cref="HybridException">The call is wrong, or the sandbox cannot be started.</exception>
    public static async Task<ComparisonReport> RunAsync(DemoOptions options, IComparisonProgress progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(progress);
        var lanes = options.Lanes.Count > 0 ? options.Lanes : Tour;
        LaneCatalog.Check(lanes);
        using var directory = WorkDirectory.Create(options.Out, "input-" + DateTimeOffset.UtcNow.ToString("yyyyMMddHHmmssfff", CultureInfo.InvariantCulture), options.KeepData);
        var input = Path.Combine(directory.Path, "partitions");
        progress.Phase($"generating {options.Partitions} partitions");
        var generator = new PartitionGenerator(new GeneratorOptions
        {
            Seed = options.Seed,
            Partitions = options.Partitions,
            RecordsPerPartition = options.LinesPerPartition,
            Documents = 5_000,
            BurstEvery = 12,
            BurstFactor = 4,
            LateShare = 0.1,
            MalformedShare = 0.002,
            DeleteShare = 0.02,
            CanariesPerPartition = 5,
        });
        await Task.Run(() => generator.Generate(input, null, cancellationToken), cancellationToken).ConfigureAwait(false);
        return await ComparisonRunner.RunAsync(
            new CompareOptions
            {
                Input = input,
                Lanes = lanes,
                Out = options.Out,
                Pace = PaceOf(options, lanes.Count),
                Executable = options.Executable,
                KeepData = options.KeepData,
                Command = options.Command,
            },
            progress,
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The pace at which all lanes together take the time that they may.</summary>
    internal static TimeSpan PaceOf(DemoOptions options, int lanes)
    {
        var milliseconds = Math.Floor(options.ReplayTime.TotalMilliseconds / (options.Partitions * lanes) / 10) * 10;
        return TimeSpan.FromMilliseconds(Math.Clamp(milliseconds, FastestPace.TotalMilliseconds, SlowestPace.TotalMilliseconds));
    }

}
