using System.Text.Json;
using Hybrid.Comparison.Cost;
using Hybrid.Comparison.Reporting;
using Hybrid.Pipeline.Hosting;
using Spectre.Console;

namespace Hybrid.Comparison.Decisions;

/// <summary>Answers <c>hybrid decide</c>.</summary>
public static class DecideRunner
{
    /// <summary>What to run where there is no report: nothing is recommended without one.</summary>
    public const string HowToMeasure = "hybrid compare --input DIR --experiments freshness,cost,restart --out out";

    /// <summary>Reads the report, chooses, and prints the answer.</summary>
    /// <param name="options">The questions.</param>
    /// <param name="console">Where the answer goes.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>0 when a lane is named; 1 when no measured lane met the requirement.</returns>
    /// <exception cref="HybridException">The call is wrong, or there is no report.</exception>
    public static async Task<int> RunAsync(DecideOptions options, IAnsiConsole console, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(console);
        Check(options);
        if (options.Report is null)
        {
            throw HybridException.WrongCall($"nothing is recommended without measured runs: run {HowToMeasure}, then ask again with --report out");
        }

        var report = await ReportFiles.ReadAsync(options.Report, cancellationToken).ConfigureAwait(false);
        var prices = await PricingFile.ReadAsync(options.Pricing, cancellationToken).ConfigureAwait(false);
        var answer = AnswerWriter.Write(report, RequirementOf(options), prices);
        if (options.Json)
        {
            console.Profile.Out.Writer.WriteLine(JsonSerializer.Serialize(answer, AnswerJson.Default.Answer));
        }
        else
        {
            AnswerText.Write(answer, console);
        }

        return answer.Lane is null ? ExitCodes.FailureFound : ExitCodes.Done;
    }

    private static void Check(DecideOptions options)
    {
        if (!(options.EventsPerDay is > 0 and <= 1e15))
        {
            throw HybridException.WrongCall("--events-per-day is out of range: give a number above 0, such as 10M");
        }

        if (options.PartitionPeriod <= TimeSpan.Zero || options.Freshness is { } freshness && freshness <= TimeSpan.Zero || options.Budget is < 0)
        {
            throw HybridException.WrongCall("--freshness and --partition-period are above 0, and --budget is not below: correct the option that is not");
        }
    }

    private static Requirement RequirementOf(DecideOptions options) => new()
    {
        FreshnessSeconds = options.Freshness?.TotalSeconds,
        Percentile = options.Percentile,
        Stateful = options.Stateful,
        Load = new Workload(options.EventsPerDay, options.PartitionPeriod, options.Bounded),
        DowntimeSeconds = options.MaxDowntime?.TotalSeconds,
        BudgetPerMonth = options.Budget,
        Lanes = options.Lanes,
    };
}
