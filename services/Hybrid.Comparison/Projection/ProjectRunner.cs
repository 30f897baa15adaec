using System.Text.Json;
using Hybrid.Comparison.Cost;
using Hybrid.Comparison.Decisions;
using Hybrid.Comparison.Evidence;
using Hybrid.Comparison.Reporting;
using Hybrid.Pipeline.Hosting;
using Spectre.Console;

namespace Hybrid.Comparison.Projection;

/// <summary>Answers <c>hybrid project</c>.</summary>
public static class ProjectRunner
{
    /// <summary>Reads the report, calibrates a model of each lane, and prints what it projects.</summary>
    /// <param name="options">The scale.</param>
    /// <param name="console">Where the answer goes.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>0 when a lane was projected and met what was asked; 1 when none did.</returns>
    /// <exception cref="HybridException">The call is wrong, or there is no report.</exception>
    public static async Task<int> RunAsync(ProjectOptions options, IAnsiConsole console, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(console);
        Check(options);
        if (options.Report is null)
        {
            throw HybridException.WrongCall($"nothing is projected without measured runs: run {DecideRunner.HowToMeasure}, then ask again with --report out");
        }

        var report = await ReportFiles.ReadAsync(options.Report, cancellationToken).ConfigureAwait(false);
        var prices = await PricingFile.ReadAsync(options.Pricing, cancellationToken).ConfigureAwait(false);
        var scale = new TargetScale(options.EventsPerDay, options.PartitionPeriod, options.Documents, options.Freshness?.TotalSeconds);
        var (lanes, failures) = Projector.Project(EvidenceReader.Read(report), scale, prices);
        var answer = new ProjectionAnswer
        {
            EventsPerDay = scale.EventsPerDay,
            PartitionSeconds = scale.PartitionPeriod.TotalSeconds,
            RecordsPerPartition = scale.RecordsPerPartition,
            Documents = scale.Documents,
            FreshnessTargetSeconds = scale.FreshnessSeconds,
            Lanes = lanes,
            NotProjected = failures,
            Assumptions = Projector.Assumptions,
            Currency = prices.Currency,
            Prices = $"{prices.Source}, {prices.Date}, {prices.Currency}",
        };
        if (options.Json)
        {
            console.Profile.Out.Writer.WriteLine(JsonSerializer.Serialize(answer, ProjectionJson.Default.ProjectionAnswer));
        }
        else
        {
            ProjectionText.Write(answer, console);
        }

        return lanes.Any(lane => lane.MeetsTarget != false) ? ExitCodes.Done : ExitCodes.FailureFound;
    }

    private static void Check(ProjectOptions options)
    {
        if (!(options.EventsPerDay is > 0 and <= 1e15) || options.Documents is < 0 or > 1e15)
        {
            throw HybridException.WrongCall("--events-per-day is above 0 and --documents is not below: correct the one that is not, such as --events-per-day 5B --documents 40M");
        }

        if (options.PartitionPeriod <= TimeSpan.Zero || options.Freshness is { } freshness && freshness <= TimeSpan.Zero)
        {
            throw HybridException.WrongCall("--partition-period and --freshness are above 0: correct the one that is not");
        }
    }
}
