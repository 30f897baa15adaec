using System.Globalization;
using Hybrid.Contracts.Lanes;
using Hybrid.Contracts.Reports.Experiments;

namespace Hybrid.Comparison.Experiments.Plans;

/// <summary>The points of each experiment.</summary>
internal static class RunPoints
{
    private const int LeastBatches = 4;

    /// <summary>The points of one experiment, in the order of the report; those of load and cost follow from what was measured before.</summary>
    /// <param name="kind">Which experiment.</param>
    /// <param name="lanes">The lanes.</param>
    /// <param name="settings">The settings.</param>
    /// <param name="replay">How long a replay takes, which bounds what can be seen in it.</param>
    public static IReadOnlyList<RunPoint> Of(string kind, IReadOnlyList<string> lanes, ExperimentSettings settings, TimeSpan replay) => kind switch
    {
        ExperimentKinds.Freshness => [.. lanes.Select(lane => new RunPoint(lane, ""))],
        ExperimentKinds.Frontier => [.. lanes.SelectMany(lane => Frontier(lane, settings, replay))],
        ExperimentKinds.Restart => [.. lanes.SelectMany(lane => Restart(lane, settings, settings.PublisherWithEveryLane || lane == lanes.FirstOrDefault(Publishes)))],
        ExperimentKinds.Faults => [.. lanes.SelectMany(lane => settings.Faults.Where(name => Concerns(name, lane)).Select(name => Fault(lane, name, settings)))],
        _ => [],
    };

    /// <summary>Intervals that the replay is too short for: fewer than four batches would fit.</summary>
    public static IReadOnlyList<string> TooLong(ExperimentSettings settings, TimeSpan replay) =>
        [.. settings.Intervals.Where(interval => !Fits(interval, replay))];

    /// <summary>The point of a rate.</summary>
    public static RunPoint OfRate(string lane, double rate)
    {
        var text = rate.ToString("0", CultureInfo.InvariantCulture);
        return new RunPoint(lane, $"rate={text}") { Labels = new Dictionary<string, string> { ["rate"] = text }, Rate = rate };
    }

    private static IEnumerable<RunPoint> Frontier(string lane, ExperimentSettings settings, TimeSpan replay) => lane switch
    {
        LaneNames.MicroBatch => settings.Intervals.Where(interval => Fits(interval, replay)).Select(interval => Setting(
            lane, "interval", interval, "Lane:Interval", Times.Parse(interval).ToString("c"))),
        LaneNames.Batch => settings.Schedules.Select(schedule => Setting(lane, "schedule", schedule, "Batch:Schedule", schedule)),
        LaneNames.Streaming or LaneNames.Streamiz or LaneNames.Hybrid => settings.Visibilities.Select(visibility => new RunPoint(lane, $"visibility={visibility}")
        {
            Labels = new Dictionary<string, string> { ["visibility"] = visibility },
            Visibility = visibility,
        }),
        _ => [new RunPoint(lane, "")],
    };

    private static bool Publishes(string lane) => !LaneCatalog.ReadsObjects(lane);

    /// <summary>What is done to the publisher befalls all lanes behind it alike, so one of them is enough to see it through.</summary>
    private static IEnumerable<RunPoint> Restart(string lane, ExperimentSettings settings, bool andPublisher) =>
        from target in settings.RestartTargets
        where target == "lane" || (andPublisher && Publishes(lane))
        from action in settings.Restarts
        from policy in settings.Policies
        select Restart(lane, target, action, policy, settings);

    private static RunPoint Restart(string lane, string target, string action, string policy, ExperimentSettings settings)
    {
        var outage = action == "outage" ? Times.Parse(settings.Outage) : TimeSpan.Zero;
        var name = $"{(target == "publisher" ? "publisher:" : "")}{action}{(action == "outage" ? "=" + settings.Outage : "")}{(policy == SkippedByPolicy.Latest ? " latest" : "")}";
        var labels = new Dictionary<string, string> { ["restart"] = action, ["target"] = target, ["policy"] = policy };
        if (action == "outage")
        {
            labels["outage"] = settings.Outage;
        }

        return new RunPoint(lane, name)
        {
            Labels = labels,
            Policy = policy,
            Services = policy == SkippedByPolicy.Latest ? new Dictionary<string, string> { [target == "publisher" ? "Publisher:Restart" : "Lane:Restart"] = "Latest" } : new Dictionary<string, string>(),
            Restarts = [new RestartStep { Target = target, Kind = action == "stop" ? RestartKind.Stop : RestartKind.Kill, AtShare = 0.3, Outage = outage }],
        };
    }

    /// <summary>The broker concerns no lane that goes without it.</summary>
    private static bool Concerns(string fault, string lane) => fault != "broker-restart" || !LaneCatalog.ReadsObjects(lane);

    private static RunPoint Fault(string lane, string name, ExperimentSettings settings)
    {
        var fault = FaultCases.Of(name, Times.Parse(settings.FaultLength));
        var labels = new Dictionary<string, string> { ["fault"] = name };
        if (fault.Input != InputVariant.Plain)
        {
            labels["input"] = "generated";
        }

        return new RunPoint(lane, name) { Labels = labels, Services = fault.Settings, Fault = fault };
    }

    private static RunPoint Setting(string lane, string label, string shown, string option, string value) => new(lane, $"{label}={shown}")
    {
        Labels = new Dictionary<string, string> { [label] = shown },
        Services = new Dictionary<string, string> { [option] = value },
    };

    private static bool Fits(string interval, TimeSpan replay) => Times.Parse(interval) * LeastBatches <= replay;
}
