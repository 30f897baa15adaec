using System.Globalization;
using Hybrid.Comparison.Reporting;
using Hybrid.Contracts.Reports;
using Hybrid.Contracts.Reports.Experiments;

namespace Hybrid.Comparison.Experiments;

/// <summary>Says in sentences what the lanes' figures say, and no more.</summary>
internal static class Conclusions
{
    private const double Noise = 0.1;

    /// <summary>The conclusion: what the experiments found, or else what two lanes or more that ended well show; null when there is neither.</summary>
    public static Decision? Draw(IReadOnlyList<LaneReport> lanes, IReadOnlyList<ExperimentReport>? experiments = null)
    {
        if (Found(experiments ?? []) is { } found)
        {
            return found;
        }

        var sound = lanes.Where(lane => Verdict.Passed(lane) && lane.FreshnessSeconds is not null).ToArray();
        if (sound.Length < 2)
        {
            return null;
        }

        var freshest = sound.MinBy(lane => lane.FreshnessSeconds!.P99)!;
        var priced = sound.Where(lane => lane.Cost.CoreSeconds is > 0).ToArray();
        var cheapest = priced.Length == sound.Length ? priced.MinBy(lane => lane.Cost.CoreSeconds) : null;
        return new Decision(Summary(freshest, cheapest), [.. sound.Select(Reason)], NotMeasured(lanes, experiments ?? []));
    }

    /// <summary>What the experiments found, which knows the spread over repetitions: single runs may not contradict it. Null when they found nothing.</summary>
    private static Decision? Found(IReadOnlyList<ExperimentReport> experiments)
    {
        string[] leading = [.. Leading(experiments, ExperimentKinds.Freshness, ExperimentKinds.Cost)];
        leading = leading.Length > 0 ? leading : [.. Leading(experiments, ExperimentKinds.Restart, ExperimentKinds.Faults)];
        leading = leading.Length > 0 ? leading : [.. Leading(experiments, ExperimentKinds.Load, ExperimentKinds.Frontier)];
        return leading.Length == 0
            ? null
            : new Decision(string.Join("; ", leading), [.. experiments.SelectMany(experiment => experiment.Findings).Except(leading)], NotMeasured([], experiments));
    }

    private static IEnumerable<string> Leading(IReadOnlyList<ExperimentReport> experiments, params string[] kinds) =>
        experiments.Where(experiment => kinds.Contains(experiment.Kind)).Select(experiment => experiment.Findings.FirstOrDefault()).OfType<string>();

    private static string Summary(LaneReport freshest, LaneReport? cheapest)
    {
        if (cheapest is null)
        {
            return Text($"{freshest.Name} was the freshest: 99 % of the canaries were searchable within {freshest.FreshnessSeconds!.P99:0.00} s");
        }

        if (cheapest == freshest)
        {
            return Text($"{freshest.Name} was the cheapest ({freshest.Cost.CoreSeconds:0.00} core-seconds), and no lane was fresher (p99 {freshest.FreshnessSeconds!.P99:0.00} s)");
        }

        if (cheapest.FreshnessSeconds!.P99 < freshest.FreshnessSeconds!.P99 * (1 + Noise))
        {
            return Text($"{freshest.Name} and {cheapest.Name} were about equally fresh (p99 {freshest.FreshnessSeconds.P99:0.00} s and {cheapest.FreshnessSeconds.P99:0.00} s), ")
                + Text($"and {cheapest.Name} was the cheapest ({cheapest.Cost.CoreSeconds:0.00} core-seconds)");
        }

        var ratio = freshest.Cost.CoreSeconds!.Value / cheapest.Cost.CoreSeconds!.Value;
        var price = ratio < 1 + Noise ? "for about the same processor time" : Text($"for {ratio:0.0} times the processor time");
        return Text(
            $"{freshest.Name} was fresher than {cheapest.Name} (p99 {freshest.FreshnessSeconds!.P99:0.00} s against {cheapest.FreshnessSeconds!.P99:0.00} s) {price}: take {cheapest.Name} where {cheapest.FreshnessSeconds.P99:0.00} s is fresh enough");
    }

    private static string Reason(LaneReport lane) => Text(
        $"{lane.Name}: searchable after {lane.FreshnessSeconds!.P50:0.00} s in the median and {lane.FreshnessSeconds.P99:0.00} s at p99")
        + (lane.Cost.CoreSecondsPerMillionRecords is { } cost ? Text($", {cost:0.0} core-seconds and {lane.Cost.SolrRequests / Math.Max(1.0, lane.Throughput.Records) * 1e6:0} Solr requests per million records") : "");

    private static string[] NotMeasured(IReadOnlyList<LaneReport> lanes, IReadOnlyList<ExperimentReport> experiments) => experiments.Count > 0
        ? [.. ExperimentKinds.All.Except(experiments.Select(experiment => experiment.Kind)).Select(kind => $"the experiment {kind}")]
        :
    [
        "the spread between repetitions: this was one run",
        .. lanes.All(lane => lane.Restarts.Count == 0) ? ["what a restart does: give --restart"] : Array.Empty<string>(),
        "higher loads, and the cost at rest",
    ];

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
