using System.Globalization;
using Hybrid.Comparison.Experiments.Plans;
using Hybrid.Comparison.Experiments.Running;
using Hybrid.Comparison.Observer;
using Hybrid.Comparison.Processes;
using Hybrid.Contracts.Reports;
using Hybrid.Contracts.Reports.Experiments;
using Hybrid.Pipeline.Measurement;

namespace Hybrid.Comparison.Experiments.Summaries;

/// <summary>Says what the repetitions of each lane at each point say together. Samples and histograms are merged; percentiles are never averaged into one.</summary>
/// <param name="settings">What may be concluded from.</param>
internal sealed class Summarizer(ExperimentSettings settings)
{
    /// <summary>The summaries, in the order of their points, those of the default settings first.</summary>
    /// <param name="kind">The experiment.</param>
    /// <param name="runs">Its runs, discarded ones too.</param>
    public IReadOnlyList<PointSummary> Summarize(string kind, IReadOnlyList<RunMeasurement> runs)
    {
        PointSummary[] summaries =
        [
            .. runs.GroupBy(run => (run.Run.Lane, run.Run.Point))
                .OrderBy(group => group.Min(run => run.Run.Settings.Count == 0 ? 0 : 1))
                .ThenBy(group => group.Key.Lane, StringComparer.Ordinal)
                .ThenBy(group => group.Key.Point, PointOrder.Instance)
                .Select(group => Summarize([.. group], disturbed: kind is ExperimentKinds.Restart or ExperimentKinds.Faults)),
        ];
        return kind == ExperimentKinds.Frontier ? ParetoFront.Mark(summaries) : summaries;
    }

    private PointSummary Summarize(IReadOnlyList<RunMeasurement> runs, bool disturbed)
    {
        RunMeasurement[] counted = [.. runs.Where(run => run.Run.Discarded is null)];
        var freshness = Distributions.Of(counted.SelectMany(run => run.Outcome.Measured).Select(sighting => sighting.Freshness));
        var figures = new Dictionary<string, Estimate>();
        foreach (var (name, figure) in RunFigures.All)
        {
            if (Estimates.Of(counted.Select(run => figure(run.Run))) is { } estimate)
            {
                figures[name] = estimate;
            }
        }

        return new PointSummary
        {
            Lane = runs[0].Run.Lane,
            Point = runs[0].Run.Point,
            Settings = runs[0].Run.Settings,
            Runs = [.. counted.Select(run => run.Run.Id)],
            Discarded = runs.Count - counted.Length,
            FreshnessSeconds = freshness,
            Stages = Stages(counted, freshness),
            Figures = figures,
            Converged = counted.Length > 0 && counted.All(run => run.Run.Truth.Converged && run.Run.Accounting.AddsUp),
            Inconclusive = Inconclusive(counted.Length, freshness, disturbed ? null : figures.GetValueOrDefault(FigureNames.FreshnessP99)),
        };
    }

    private static Dictionary<string, Distribution> Stages(IReadOnlyList<RunMeasurement> runs, Distribution? freshness)
    {
        var merged = new Dictionary<string, LatencyHistogram>();
        foreach (var (name, histogram) in runs.SelectMany(run => run.Outcome.StageHistograms()))
        {
            if (!merged.TryGetValue(name, out var sum))
            {
                merged[name] = sum = new LatencyHistogram();
            }

            sum.Merge(histogram.Snapshot());
        }

        var stages = merged.ToDictionary(stage => stage.Key, stage => ServiceFigures.Of(stage.Value));
        if (freshness is not null)
        {
            stages[Stage.Searchable] = freshness;
        }

        return stages;
    }

    /// <summary>Why nothing may be concluded; null when something may. What a disturbance does differs from run to run: there, <paramref name="p99"/> is not given.</summary>
    internal string? Inconclusive(int runs, Distribution? freshness, Estimate? p99)
    {
        if (runs < settings.MinimumRuns)
        {
            return Text($"{runs} {(runs == 1 ? "run counts" : "runs count")}, and {settings.MinimumRuns} are needed");
        }

        var samples = freshness?.Samples ?? 0;
        if (samples < settings.MinimumSamples)
        {
            return Text($"freshness is of {samples} samples, and {settings.MinimumSamples} are needed");
        }

        return p99 is { High: { } high } && high - p99.Mean > p99.Mean
            ? Text($"the runs differ too much: p99 is {p99.Mean:0.00} s give or take {high - p99.Mean:0.00} s")
            : null;
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
