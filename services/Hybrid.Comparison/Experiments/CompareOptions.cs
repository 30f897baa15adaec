using Hybrid.Comparison.Processes;
using Hybrid.Comparison.Stack;
using Hybrid.Pipeline.Formats;
using Hybrid.Pipeline.Hosting;
using Hybrid.Pipeline.Lines;
using Microsoft.Extensions.Configuration;

namespace Hybrid.Comparison.Experiments;

/// <summary>What to compare, and how.</summary>
public sealed record CompareOptions
{
    /// <summary>The partitions: a directory, or <c>s3://bucket/prefix</c> in the stack's object store; empty for generated ones, with experiments.</summary>
    public required string Input { get; init; }

    /// <summary>The lanes, in the order they run; see <see cref="LaneCatalog"/>.</summary>
    public required IReadOnlyList<string> Lanes { get; init; }

    /// <summary>Where the report goes; made when it is not there.</summary>
    public required string Out { get; init; }

    /// <summary>Wall time between two partitions' due times, 10 ms to 1 day.</summary>
    public TimeSpan Pace { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>The partitions' length; null to take it from the input's manifest, or else from the partitions' names.</summary>
    public TimeSpan? Period { get; init; }

    /// <summary>How partitions are named; null to take it from the input's manifest, or else to try the usual layouts.</summary>
    public string? Layout { get; init; }

    /// <summary>The first event time to replay; null for the input's first partition.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>The event time to stop before; null for the input's end.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>Partitions to replay at most, from 1; null for all.</summary>
    public int? MaxPartitions { get; init; }

    /// <summary>The parts of the stack that are there already; a sandbox stands in for the rest.</summary>
    public StackAddresses Stack { get; init; } = new();

    /// <summary>Restarts to make in every lane's run.</summary>
    public IReadOnlyList<RestartStep> Restarts { get; init; } = [];

    /// <summary>When an update becomes searchable, as <c>Solr:Visibility</c> takes it.</summary>
    public string Visibility { get; init; } = "commit-within=200ms";

    /// <summary>Options for the services by key, such as <c>Lane:Interval</c>.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>Canaries a partition at most, when the input has none of its own, from 1.</summary>
    public int CanariesPerPartition { get; init; } = 5;

    /// <summary>How long a lane may take after the last partition without any progress before it counts as not converged.</summary>
    public TimeSpan SettleTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The program whose verbs are run.</summary>
    public HybridExecutable Executable { get; init; } = HybridExecutable.Current();

    /// <summary>Keeps the working directory, the topics and the collections.</summary>
    public bool KeepData { get; init; }

    /// <summary>The command line, for the report.</summary>
    public string Command { get; init; } = Environment.CommandLine;

    /// <summary>
    /// Partitions at the start whose freshness does not count, and whose processing does not count as cost per record: services compile
    /// their hot paths in it. From 0; fewer than the input has.
    /// </summary>
    public int WarmUpPartitions { get; init; }

    /// <summary>The experiments to make; null to run each lane once.</summary>
    public ExperimentOptions? Experiments { get; init; }

    /// <summary>Whether <see cref="Pace"/> goes before the experiments' own.</summary>
    public bool PaceIsGiven { get; init; }

    /// <summary>A file of prices; null for the examples that travel with the program.</summary>
    public string? Pricing { get; init; }

    /// <summary>The load that costs are shown at, records a day, above 0; null for three loads of different sizes.</summary>
    public double? EventsPerDay { get; init; }

    /// <summary>The length of a partition at that load, above 0.</summary>
    public TimeSpan PartitionPeriod { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>A fault to make in every lane's run.</summary>
    internal FaultCase? Fault { get; init; }

    /// <summary>For how long the lane is measured at rest once it has taken everything; zero for not at all.</summary>
    internal TimeSpan Rest { get; init; }

    /// <summary>What lane and publisher do after a restart: <c>resume</c> or <c>latest</c>; null when nobody is restarted.</summary>
    internal string? Policy { get; init; }

    /// <summary>Whether every run's topics and collection are deleted at its end, the sandbox's too: many runs would pile up there.</summary>
    internal bool DeleteEachRun { get; init; }

    /// <summary>
    /// The options of every service: <see cref="Visibility"/>, how often publisher and lanes look for late objects (it follows the pace, since a
    /// second of wall time may be many periods), and <see cref="Settings"/> over them.
    /// </summary>
    internal Dictionary<string, string?> ServiceSettings()
    {
        var poll = TimeSpan.FromMilliseconds(Math.Clamp(Math.Floor(Pace.TotalMilliseconds / 2), 100, 1_000)).ToString("c");
        var settings = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase)
        {
            ["Measurement:Interval"] = "00:00:00.200",
            ["Solr:Visibility"] = Visibility,
            ["Publisher:PollInterval"] = poll,
            ["Objects:PollInterval"] = poll,
        };
        foreach (var (key, value) in Settings)
        {
            settings[key] = value;
        }

        return settings;
    }

    /// <summary>How objects are read: as the publisher, which is given the same options, reads them.</summary>
    /// <exception cref="HybridException">An option is wrong.</exception>
    internal FormatSettings Formats()
    {
        var configuration = HybridConfiguration.Build(ServiceSettings());
        return FormatSettings.Of(
            OptionsRegistration.Bind<SourceOptions>(configuration, SourceOptions.Section),
            configuration.GetValue("Publisher:MaxLineBytes", ObjectLineReader.DefaultMaxLineBytes));
    }
}
