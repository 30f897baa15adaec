using System.Globalization;
using Hybrid.Comparison.Experiments.Plans;
using Hybrid.Comparison.Experiments.Summaries;
using Hybrid.Contracts.Reports;
using Hybrid.Contracts.Reports.Experiments;

namespace Hybrid.Comparison.Experiments.Running;

/// <summary>Makes the experiments one after the other; later ones use what earlier ones found.</summary>
/// <param name="session">Makes the runs.</param>
/// <param name="settings">The settings.</param>
/// <param name="lanes">The lanes.</param>
/// <param name="main">The input of most runs.</param>
/// <param name="pace">Wall time between two due times.</param>
/// <param name="hasSandbox">Whether faults can be made.</param>
internal sealed class ExperimentCampaign(
    ExperimentSession session, ExperimentSettings settings, IReadOnlyList<string> lanes, PreparedInput main, TimeSpan pace, bool hasSandbox)
{
    private const int TypicalTrials = 6;

    private readonly Summarizer _summarizer = new(settings);
    private readonly List<ExperimentReport> _experiments = [];
    private readonly List<RunMeasurement> _undisturbed = [];

    /// <summary>Makes them.</summary>
    /// <returns>The experiments, and a run of each lane that stands for it.</returns>
    public async Task<(IReadOnlyList<ExperimentReport> Experiments, IReadOnlyList<LaneReport> Representatives)> RunAsync(CancellationToken cancellationToken)
    {
        var replay = pace * main.Scanned.Periods;
        var planned = session.Fit([.. settings.Experiments.Select(kind => Plan(kind, lanes, settings, replay, hasSandbox))]);
        for (var next = 0; next < planned.Count; next++)
        {
            session.Begin([.. planned.Skip(next)]);
            var kind = planned[next].Kind;
            _experiments.Add(await RunAsync(kind, planned[next].Repetitions, replay, cancellationToken).ConfigureAwait(false));
        }

        return (_experiments, [.. lanes.Select(Representative).OfType<LaneReport>()]);
    }

    /// <summary>The runs that an experiment means to make.</summary>
    internal static PlannedWork Plan(string kind, IReadOnlyList<string> lanes, ExperimentSettings settings, TimeSpan replay, bool hasSandbox) => kind switch
    {
        ExperimentKinds.Load => new(kind, lanes.Count * TypicalTrials, settings.RepeatOf(kind), replay),
        ExperimentKinds.Cost => new(kind, lanes.Count, settings.RepeatOf(kind), replay + Times.Parse(settings.Rest)),
        ExperimentKinds.Faults when !hasSandbox => new(kind, 0, settings.RepeatOf(kind), replay),
        _ => new(kind, RunPoints.Of(kind, lanes, settings, replay).Count, settings.RepeatOf(kind), replay),
    };

    private async Task<ExperimentReport> RunAsync(
        string kind, int repetitions, TimeSpan replay, CancellationToken cancellationToken)
    {
        var refusals = new List<string>();
        IReadOnlyList<RunMeasurement> runs;
        IReadOnlyList<RateSearch> searches = [];
        if (kind == ExperimentKinds.Load)
        {
            (runs, searches) = await SearchAsync(repetitions, cancellationToken).ConfigureAwait(false);
        }
        else if (kind == ExperimentKinds.Faults && !hasSandbox)
        {
            refusals.Add("faults are made in the sandbox alone: leave --stack external out to measure them");
            runs = [];
        }
        else
        {
            runs = await session.RunAsync(kind, kind == ExperimentKinds.Cost ? CostPoints() : RunPoints.Of(kind, lanes, settings, replay), repetitions, refusals, cancellationToken).ConfigureAwait(false);
        }

        if (kind is ExperimentKinds.Freshness or ExperimentKinds.Frontier or ExperimentKinds.Cost)
        {
            _undisturbed.AddRange(runs);
        }

        if (kind == ExperimentKinds.Frontier)
        {
            refusals.AddRange(RunPoints.TooLong(settings, replay).Select(interval => $"an interval of {interval} was left out: fewer than four batches fit into the replay"));
        }

        var target = kind == ExperimentKinds.Cost ? Times.Parse(settings.FreshnessTarget).TotalSeconds : (double?)null;
        var summaries = WithRates([.. _summarizer.Summarize(kind, runs).Select(summary => target is { } bound ? Held(summary, bound) : summary)], searches);
        return new ExperimentReport
        {
            Kind = kind,
            Settings = Shared(repetitions),
            Input = main.Info,
            Runs = [.. runs.Select(run => run.Run).OrderBy(run => run.StartedAt)],
            Summaries = summaries,
            Searches = searches,
            FreshnessTargetSeconds = target,
            Findings = Findings.Of(kind, summaries, searches, target),
            Refusals = [.. refusals, .. Findings.Refusals(summaries)],
        };
    }

    private async Task<(IReadOnlyList<RunMeasurement> Runs, IReadOnlyList<RateSearch> Searches)> SearchAsync(int repetitions, CancellationToken cancellationToken)
    {
        var runs = new List<RunMeasurement>();
        var searches = new List<RateSearch>();
        for (var repetition = 1; repetition <= repetitions; repetition++)
        {
            LaneSearch[] turns = [.. lanes.Select(lane => new LaneSearch(lane, repetition, settings))];
            for (var made = true; made;)
            {
                made = false;
                foreach (var search in turns)
                {
                    made |= await search.StepAsync(session, cancellationToken).ConfigureAwait(false);
                }
            }

            session.Planned -= (lanes.Count * TypicalTrials) - turns.Sum(search => search.Runs.Count);
            searches.AddRange(turns.Select(search => search.Result));
            runs.AddRange(turns.SelectMany(search => search.Runs));
        }

        return (runs, searches);
    }

    /// <summary>Each lane as it was cheapest among the points that met the target, or as it is by default; then at rest.</summary>
    private RunPoint[] CostPoints()
    {
        var target = Times.Parse(settings.FreshnessTarget).TotalSeconds;
        var frontier = _experiments.FirstOrDefault(experiment => experiment.Kind == ExperimentKinds.Frontier);
        var replay = pace * main.Scanned.Periods;
        var points = RunPoints.Of(ExperimentKinds.Frontier, lanes, settings, replay);
        return
        [
            .. lanes.Select(lane =>
            {
                var cheapest = frontier?.Summaries
                    .Where(summary => summary.Lane == lane && summary.Converged
                        && summary.Figures.TryGetValue(FigureNames.FreshnessP99, out var freshness) && freshness.Mean <= target
                        && summary.Figures.ContainsKey(FigureNames.CoreSecondsPerMillion))
                    .MinBy(summary => summary.Figures[FigureNames.CoreSecondsPerMillion].Mean);
                var point = points.FirstOrDefault(point => point.Lane == lane && point.Name == cheapest?.Point) ?? new RunPoint(lane, "");
                return point with { Rest = Times.Parse(settings.Rest) };
            }),
        ];
    }

    private static PointSummary Held(PointSummary summary, double target) =>
        summary.Figures.TryGetValue(FigureNames.FreshnessP99, out var freshness) ? summary with { MetTarget = (freshness.High ?? freshness.Mean) <= target } : summary;

    /// <summary>Puts the sustainable rate beside the points of the highest rate that a lane sustained.</summary>
    private static IReadOnlyList<PointSummary> WithRates(IReadOnlyList<PointSummary> summaries, IReadOnlyList<RateSearch> searches) =>
    [
        .. summaries.Select(summary =>
        {
            double?[] rates = [.. searches.Where(search => search.Lane == summary.Lane).Select(search => search.SustainedRecordsPerSecond)];
            return rates.Max() is { } highest && summary.Point == RunPoints.OfRate(summary.Lane, highest).Name && Estimates.Of(rates) is { } estimate
                ? summary with { Figures = new Dictionary<string, Estimate>(summary.Figures) { [FigureNames.SustainableRate] = estimate } }
                : summary;
        }),
    ];

    /// <summary>The lane's run whose p99 is in the middle, of those that nothing disturbs and that count; any of its runs when there is none.</summary>
    private LaneReport? Representative(string lane)
    {
        RunMeasurement[] runs = [.. _undisturbed.Where(run => run.Run.Lane == lane)];
        RunMeasurement[] plain = [.. runs.Where(run => run.Run.Point.Length == 0 && run.Run.Discarded is null)];
        RunMeasurement[] counted = [.. runs.Where(run => run.Run.Discarded is null)];
        RunMeasurement[] best = plain.Length > 0 ? plain : counted.Length > 0 ? counted : runs;
        return best.Length == 0 ? null : best.OrderBy(run => run.Run.FreshnessSeconds?.P99 ?? double.MaxValue).ElementAt((best.Length - 1) / 2).Lane;
    }

    private Dictionary<string, string> Shared(int repetitions) => new()
    {
        ["repeat"] = Text(repetitions),
        ["seed"] = settings.Seed.ToString(CultureInfo.InvariantCulture),
        ["paceSeconds"] = pace.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture),
        ["partitions"] = Text(main.Scanned.Periods),
        ["warmUpPartitions"] = Text(Math.Min(settings.WarmUpPartitions, Math.Max(0, main.Scanned.Periods - 2))),
        ["order"] = "random by seed, every point once before any is repeated",
        ["race"] = settings.Race ? "true" : "false",
        ["confidence"] = "95 %, Student's t over the runs",
    };

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
