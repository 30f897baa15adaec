using System.Text.Json.Serialization;
using Hybrid.Contracts.Reports.Experiments;

namespace Hybrid.Comparison.Experiments.Plans;

/// <summary>Everything that decides which runs are made and what may be concluded from them. A settings file overrides any of it, by the same names in camel case.</summary>
internal sealed class ExperimentSettings
{
    /// <summary>The kinds of experiments, in the order they run.</summary>
    public string[] Experiments { get; set; } = [.. ExperimentKinds.All];

    /// <summary>The lanes; null for the command line's.</summary>
    public string[]? Lanes { get; set; }

    /// <summary>How often each point is run.</summary>
    public int Repeat { get; set; } = 3;

    /// <summary>restart: how often each point is run; null for as often as any.</summary>
    public int? RestartRepeat { get; set; }

    /// <summary>faults: how often each point is run; null for as often as any.</summary>
    public int? FaultRepeat { get; set; }

    /// <summary>What the order of the runs and generated input follow from.</summary>
    public long Seed { get; set; } = 1;

    /// <summary>Whether the lanes of the freshness experiment run at the same time.</summary>
    public bool Race { get; set; }

    /// <summary>The time for all experiments together; null for as long as it takes.</summary>
    public string? Budget { get; set; } = "1150s";

    /// <summary>Partitions at the start that do not count.</summary>
    public int WarmUpPartitions { get; set; } = 8;

    /// <summary>Generated input: partitions.</summary>
    public int Partitions { get; set; } = 40;

    /// <summary>Generated input: lines in a partition.</summary>
    public int RecordsPerPartition { get; set; } = 300;

    /// <summary>Canaries in a partition.</summary>
    public int CanariesPerPartition { get; set; } = 10;

    /// <summary>Wall time between two partitions' due times; the command line's --pace goes before it.</summary>
    public string Pace { get; set; } = "150ms";

    /// <summary>frontier: micro-batch's intervals, wall time.</summary>
    public string[] Intervals { get; set; } = ["100ms", "500ms", "1500ms"];

    /// <summary>frontier: visibility settings of the lanes that go record by record.</summary>
    public string[] Visibilities { get; set; } = ["commit-within=50ms", "commit-within=1s", "soft-commit"];

    /// <summary>frontier: the scheduled lane's schedules, event time.</summary>
    public string[] Schedules { get; set; } = ["*/15 * * * *", "0 * * * *"];

    /// <summary>restart: what is done: stop, kill, outage.</summary>
    public string[] Restarts { get; set; } = ["stop", "kill", "outage"];

    /// <summary>restart: to whom: lane, publisher.</summary>
    public string[] RestartTargets { get; set; } = ["lane", "publisher"];

    /// <summary>restart: whether the publisher is restarted with every lane that reads from it; otherwise with the first of them alone.</summary>
    public bool PublisherWithEveryLane { get; set; }

    /// <summary>restart: how they go on: resume, latest.</summary>
    public string[] Policies { get; set; } = ["resume", "latest"];

    /// <summary>restart: how long an outage is, wall time.</summary>
    public string Outage { get; set; } = "1500ms";

    /// <summary>faults: which, by name.</summary>
    public string[] Faults { get; set; } = [.. FaultCases.Names];

    /// <summary>faults: how long one lasts, wall time.</summary>
    public string FaultLength { get; set; } = "1500ms";

    /// <summary>load: the first rate tried, records per second.</summary>
    public double LoadFrom { get; set; } = 2_000;

    /// <summary>load: the highest rate tried, records per second.</summary>
    public double LoadTo { get; set; } = 32_000;

    /// <summary>load: how often the interval between a sustained rate and one that was not is halved.</summary>
    public int LoadRefinements { get; set; } = 2;

    /// <summary>load: searches a lane.</summary>
    public int LoadRepeat { get; set; } = 1;

    /// <summary>cost: the freshness (p99) that lanes are held to.</summary>
    public string FreshnessTarget { get; set; } = "5s";

    /// <summary>cost: for how long a lane is measured at rest.</summary>
    public string Rest { get; set; } = "4s";

    /// <summary>Runs of a point that have to count before anything is concluded from it.</summary>
    public int MinimumRuns { get; set; } = 2;

    /// <summary>Samples that a point's p99 has to be of.</summary>
    public int MinimumSamples { get; set; } = 100;

    /// <summary>The share of processor time stolen by the hypervisor above which a run is discarded.</summary>
    public double MaxSteal { get; set; } = 0.05;

    /// <summary>The share of processor time used by other processes above which a run is discarded.</summary>
    public double MaxOtherLoad { get; set; } = 0.25;

    /// <summary>The generator's lateness (p99), in paces, above which a run is discarded.</summary>
    public double MaxGeneratorLateness { get; set; } = 0.5;

    /// <summary>How often each point of an experiment is run; for load, how often a lane's rate is searched.</summary>
    /// <param name="kind">The experiment.</param>
    public int RepeatOf(string kind) => kind switch
    {
        ExperimentKinds.Load => LoadRepeat,
        ExperimentKinds.Restart => RestartRepeat ?? Repeat,
        ExperimentKinds.Faults => FaultRepeat ?? Repeat,
        _ => Repeat,
    };
}

/// <summary>Reads <see cref="ExperimentSettings"/> without reflection; an unknown member is a mistake.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    ReadCommentHandling = System.Text.Json.JsonCommentHandling.Skip,
    AllowTrailingCommas = true)]
[JsonSerializable(typeof(ExperimentSettings))]
internal sealed partial class ExperimentSettingsJson : JsonSerializerContext;
