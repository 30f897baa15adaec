using Hybrid.Comparison.Experiments.Plans;
using Hybrid.Comparison.Experiments.Running;
using Hybrid.Comparison.Experiments.Summaries;
using Hybrid.Comparison.Progress;
using Hybrid.Comparison.Stack;
using Hybrid.Contracts.Reports;
using Hybrid.Contracts.Reports.Experiments;
using Hybrid.Pipeline.Hosting;
using Hybrid.Pipeline.Measurement;

namespace Hybrid.Comparison.Experiments;

/// <summary>Makes experiments: repeated runs in random order, judged by their noise, summarised with confidence intervals.</summary>
internal static class ExperimentRunner
{
    /// <summary>What a run probably takes from its last due time on, until runs have shown it.</summary>
    private static readonly TimeSpan JudgementGuess = TimeSpan.FromSeconds(2.5);

    /// <summary>Makes the experiments and gives their report, which is not written yet.</summary>
    /// <param name="options">What to compare; <see cref="CompareOptions.Experiments"/> is given.</param>
    /// <param name="directory">The working directory.</param>
    /// <param name="runId">Tells this comparison's names from others'.</param>
    /// <param name="progress">Is told how it goes.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="HybridException">The call is wrong, or the stack cannot be used.</exception>
    public static async Task<ComparisonParts> RunAsync(
        CompareOptions options, string directory, string runId, IComparisonProgress progress, CancellationToken cancellationToken)
    {
        var settings = ExperimentProfiles.Read(options.Experiments!);
        IReadOnlyList<string> lanes = settings.Lanes ?? options.Lanes;
        LaneCatalog.Check(lanes);
        var shared = options with { Lanes = lanes, Pace = options.PaceIsGiven ? options.Pace : Times.Parse(settings.Pace) };
        using var metrics = new HybridMetrics();
        var warnings = new List<string>();
        var inputs = new ExperimentInputs(shared, settings, directory, metrics, warnings, progress);
        var main = await inputs.MainAsync(cancellationToken).ConfigureAwait(false);

        progress.Phase(options.Stack.IsComplete ? "using the stack that was given" : "starting the sandbox");
        await using var stack = await RunStack.StartAsync(options.Stack, options.Executable, directory, cancellationToken).ConfigureAwait(false);
        var startUp = new StartUpAllowance(stack.StartUp);
        var context = new RunContext(shared, main.Input, main.Scanned, main.Info, stack, directory, runId, startUp, progress);
        TimeSpan? budget = settings.Budget is { } text ? Times.Parse(text) : null;
        var session = new ExperimentSession(context, settings, inputs, new TimeBudget(budget, startUp.Allowance + JudgementGuess));
        var campaign = new ExperimentCampaign(session, settings, lanes, main, shared.Pace, stack.AdminUrl is not null);
        var (experiments, representatives) = await campaign.RunAsync(cancellationToken).ConfigureAwait(false);
        return new ComparisonParts(main.Info, representatives, stack.Origins, [.. warnings, .. session.Lateness is { } late ? [late] : Array.Empty<string>(), .. session.Warnings], main.Scanned.Seed ?? settings.Seed)
        {
            Experiments = experiments,
            PaceSeconds = shared.Pace.TotalSeconds,
            Lanes = lanes,
        };
    }

    /// <summary>
    /// Whether nothing went wrong in any run, and each converged and counted every line, but for what a policy skipped on purpose. A rate that was
    /// not sustained is an answer, not a failure.
    /// </summary>
    public static bool Succeeded(ExperimentReport experiment) => experiment.Runs.All(run =>
        run.Sustained == false || (run.Errors.Count == 0 && ((run.Truth.Converged && run.Accounting.AddsUp) || SkippedByPolicy.Explains(run))));
}

/// <summary>What a comparison made, before it is put into a report.</summary>
/// <param name="Input">What went in.</param>
/// <param name="Reports">The lanes' reports.</param>
/// <param name="Origins">Where the stack's parts come from.</param>
/// <param name="Warnings">What makes figures doubtful.</param>
/// <param name="Seed">The seed of whatever was random; null when nothing was.</param>
internal sealed record ComparisonParts(
    InputInfo Input, IReadOnlyList<LaneReport> Reports, IReadOnlyDictionary<string, string> Origins, IReadOnlyList<string> Warnings, long? Seed)
{
    /// <summary>The experiments made; none when lanes were only run once each.</summary>
    public IReadOnlyList<ExperimentReport> Experiments { get; init; } = [];

    /// <summary>Wall time between two due times, seconds.</summary>
    public required double PaceSeconds { get; init; }

    /// <summary>The lanes that ran.</summary>
    public required IReadOnlyList<string> Lanes { get; init; }
}
