using System.Globalization;
using Hybrid.Comparison.Experiments.Plans;
using Hybrid.Comparison.Observer;
using Hybrid.Contracts.Reports;
using Hybrid.Contracts.Reports.Experiments;

namespace Hybrid.Comparison.Experiments.Running;

/// <summary>Makes a run's report out of what was seen of it, and judges whether its figures count.</summary>
/// <param name="settings">What may be concluded from.</param>
internal sealed class RunReporter(ExperimentSettings settings)
{
    /// <summary>The trend of the backlog, as a share of the load, up to which a rate is sustained.</summary>
    public const double SustainedTrend = 0.01;

    /// <summary>Reports a run.</summary>
    /// <param name="kind">The experiment.</param>
    /// <param name="point">What was run.</param>
    /// <param name="repetition">Which repetition, from 1.</param>
    /// <param name="input">What it was run on.</param>
    /// <param name="pace">Wall time between two due times.</param>
    /// <param name="outcome">What was seen.</param>
    public RunMeasurement Report(string kind, RunPoint point, int repetition, PreparedInput input, TimeSpan pace, LaneOutcome outcome)
    {
        var lane = outcome.ToReport(input.Info);
        var backlog = outcome.Backlog;
        var offered = input.RecordsPerPeriod / pace.TotalSeconds;
        var trend = backlog.Trend(((outcome.MeasuredFrom ?? outcome.FirstDue) - outcome.FirstDue).TotalSeconds);
        var run = new ExperimentRun
        {
            Id = IdOf(kind, point, repetition),
            Lane = point.Lane,
            Point = point.Name,
            Repetition = repetition,
            Settings = point.Labels,
            StartedAt = outcome.FirstDue,
            DurationSeconds = Math.Max(0, outcome.Duration.TotalSeconds),
            Discarded = Discard(outcome.Noise, pace),
            FreshnessSeconds = lane.FreshnessSeconds,
            Stages = lane.Stages,
            FreshnessCurve = lane.FreshnessCurve,
            Staleness = backlog.Staleness(outcome.Duration.TotalSeconds),
            OfferedRecordsPerSecond = offered,
            Throughput = lane.Throughput,
            LagGrowthShare = trend is { } grows ? grows.Slope / offered : null,
            Sustained = kind == ExperimentKinds.Load && trend is { } bounded ? bounded.Least / offered <= SustainedTrend && lane.Truth.Converged : null,
            Cost = lane.Cost,
            Rest = outcome.Rest,
            Restarts = lane.Restarts,
            Fault = FaultOf(outcome, backlog),
            Truth = lane.Truth,
            Accounting = lane.Accounting,
            Noise = outcome.Noise,
            Errors = lane.Errors,
        };
        return new RunMeasurement(run, lane, outcome);
    }

    /// <summary>A run's name in the report.</summary>
    public static string IdOf(string kind, RunPoint point, int repetition) =>
        string.Create(CultureInfo.InvariantCulture, $"{kind}/{point.Lane}/{(point.Name.Length == 0 ? "default" : point.Name)}/{repetition}");

    /// <summary>Why a run's figures do not count; null when they do.</summary>
    internal string? Discard(NoiseReport noise, TimeSpan pace)
    {
        if (noise.StealShare > settings.MaxSteal)
        {
            return Text($"the hypervisor took {noise.StealShare:P0} of the processor time ({settings.MaxSteal:P0} is allowed)");
        }

        if (noise.OtherLoadShare > settings.MaxOtherLoad)
        {
            return Text($"other processes took {noise.OtherLoadShare:P0} of the processor time ({settings.MaxOtherLoad:P0} is allowed)");
        }

        var late = noise.GeneratorLatenessP99Seconds / pace.TotalSeconds;
        return late > settings.MaxGeneratorLateness
            ? Text($"the generator was late by {late:0.0} paces (p99; {settings.MaxGeneratorLateness:0.0} are allowed)")
            : null;
    }

    private static FaultReport? FaultOf(LaneOutcome outcome, Backlog backlog)
    {
        if (outcome.Fault is not { } fault)
        {
            return null;
        }

        var report = new FaultReport
        {
            Name = fault.Case.Name,
            Description = fault.Case.Description,
            FromSeconds = Since(fault.From),
            ToSeconds = Since(fault.To),
            Hits = fault.Hits,
            OutOfOrder = backlog.OutOfOrder(2 * IndexObserver.Interval.TotalSeconds),
            Regressions = outcome.Regressions,
        };
        if (fault.From is not { } from || fault.Case.Throughout)
        {
            return report with { PeakStalenessSeconds = outcome.Measured.Select(sighting => (double?)Math.Max(0, sighting.Freshness)).Max() };
        }

        var effect = RestartEffect.Complete(
            new RestartReport { Target = outcome.Lane, Kind = "stop", AtSeconds = 0 }, from, from, DateTimeOffset.MaxValue, outcome.Measured, IndexObserver.Interval.TotalSeconds);
        return report with
        {
            PeakStalenessSeconds = effect.PeakStalenessSeconds is { } peak ? Math.Max(0, peak) : null,
            CatchUpSeconds = effect.CatchUpSeconds is { } caught && fault.To is { } to ? Math.Max(0, caught - (to - from).TotalSeconds) : null,
        };

        double? Since(DateTimeOffset? at) => at is { } time ? Math.Round((time - outcome.FirstDue).TotalSeconds, 3) : null;
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
