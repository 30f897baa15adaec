using System.Text.Json;
using Hybrid.Contracts.Json;
using Hybrid.Contracts.Reports.Experiments;
using Hybrid.Pipeline.Hosting;
using Hybrid.Pipeline.Solr;

namespace Hybrid.Comparison.Experiments.Plans;

/// <summary>The settings of a profile or a file, with the command line's over them, checked.</summary>
internal static class ExperimentProfiles
{
    private const string FileEnding = ".json";

    /// <summary>Reads the settings.</summary>
    /// <exception cref="HybridException">Something is wrong in them; one line says what.</exception>
    public static ExperimentSettings Read(ExperimentOptions options)
    {
        var isFile = options.Experiments?.EndsWith(FileEnding, StringComparison.OrdinalIgnoreCase) == true;
        if (isFile && options.Profile is not null)
        {
            throw HybridException.WrongCall("a profile and a settings file are both given: put the profile's settings into the file, or leave one of them out");
        }

        var settings = isFile ? File(options.Experiments!) : Profile(options.Profile ?? "standard");
        var where = isFile ? $"the experiments' file {options.Experiments}" : "the experiments";
        if (!isFile && options.Experiments is { } kinds)
        {
            settings.Experiments = kinds.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        }

        if (options.Repeat is { } repeat)
        {
            (settings.Repeat, settings.RestartRepeat, settings.FaultRepeat) = (repeat, null, null);
        }

        settings.Seed = options.Seed ?? settings.Seed;
        settings.Race |= options.Race;
        if (Mistakes(settings).FirstOrDefault() is { } mistake)
        {
            throw HybridException.WrongCall($"{where}: {mistake}");
        }

        return settings;
    }

    private static ExperimentSettings Profile(string name) => name switch
    {
        "quick" => new ExperimentSettings
        {
            Experiments = [ExperimentKinds.Freshness, ExperimentKinds.Frontier, ExperimentKinds.Restart],
            Repeat = 3,
            Budget = "215s",
            WarmUpPartitions = 8,
            Partitions = 36,
            Pace = "150ms",
            RecordsPerPartition = 200,
            Intervals = ["100ms", "800ms"],
            Visibilities = ["soft-commit"],
            Schedules = ["*/30 * * * *"],
            Restarts = ["kill"],
            RestartTargets = ["lane"],
            Policies = ["resume"],
        },
        "standard" => new ExperimentSettings { RestartRepeat = 2, FaultRepeat = 2 },
        "full" => new ExperimentSettings
        {
            Repeat = 5,
            Budget = null,
            WarmUpPartitions = 30,
            Partitions = 300,
            Intervals = ["100ms", "300ms", "1s", "3s", "10s", "60s", "300s"],
            Visibilities = ["commit-within=50ms", "commit-within=200ms", "commit-within=1s", "commit-within=5s", "soft-commit"],
            Schedules = ["*/15 * * * *", "0 * * * *", "0 */3 * * *"],
            PublisherWithEveryLane = true,
            Outage = "10s",
            FaultLength = "5s",
            LoadRefinements = 4,
            LoadRepeat = 3,
            Rest = "30s",
        },
        _ => throw HybridException.WrongCall($"there is no profile '{name}': give quick, standard or full"),
    };

    private static ExperimentSettings File(string path)
    {
        try
        {
            return JsonSerializer.Deserialize(System.IO.File.ReadAllBytes(path), ExperimentSettingsJson.Default.ExperimentSettings)
                ?? throw HybridException.WrongCall($"the experiments' file {path} holds null: write an object of settings");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw HybridException.WrongCall($"the experiments' file {path} cannot be read ({failure.Message}): correct --experiments");
        }
        catch (JsonException mistake)
        {
            throw HybridException.WrongCall($"the experiments' file {path} is wrong: {JsonMistake.Describe(mistake)}");
        }
    }

    private static IEnumerable<string> Mistakes(ExperimentSettings settings) =>
    [
        .. Unknown("experiments", settings.Experiments, ExperimentKinds.All, required: true),
        .. Unknown("restarts", settings.Restarts, ["stop", "kill", "outage"]),
        .. Unknown("restartTargets", settings.RestartTargets, ["lane", "publisher"]),
        .. Unknown("policies", settings.Policies, ["resume", "latest"]),
        .. Unknown("faults", settings.Faults, FaultCases.Names),
        .. Range("repeat", settings.Repeat, 1, 100),
        .. Range("restartRepeat", settings.RestartRepeat ?? 1, 1, 100),
        .. Range("faultRepeat", settings.FaultRepeat ?? 1, 1, 100),
        .. Range("partitions", settings.Partitions, 10, 1_000_000),
        .. Range("recordsPerPartition", settings.RecordsPerPartition, 1, 10_000_000),
        .. Range("canariesPerPartition", settings.CanariesPerPartition, 1, 1_000),
        .. Range("warmUpPartitions", settings.WarmUpPartitions, 0, Math.Max(0, settings.Partitions - 5)),
        .. Range("loadFrom", settings.LoadFrom, 1, 1e7),
        .. Range("loadTo", settings.LoadTo, settings.LoadFrom, 1e7),
        .. Range("loadRefinements", settings.LoadRefinements, 0, 20),
        .. Range("loadRepeat", settings.LoadRepeat, 1, 100),
        .. Range("minimumRuns", settings.MinimumRuns, 1, 100),
        .. Range("minimumSamples", settings.MinimumSamples, 1, 1e9),
        .. Range("maxSteal", settings.MaxSteal, 0, 1),
        .. Range("maxOtherLoad", settings.MaxOtherLoad, 0, 1),
        .. Range("maxGeneratorLateness", settings.MaxGeneratorLateness, 0, 1_000),
        .. Time("pace", settings.Pace),
        .. Time("outage", settings.Outage),
        .. Time("faultLength", settings.FaultLength),
        .. Time("freshnessTarget", settings.FreshnessTarget),
        .. Time("rest", settings.Rest),
        .. settings.Budget is { } budget ? Time("budget", budget) : [],
        .. settings.Intervals.SelectMany(interval => Time("intervals", interval)),
        .. settings.Visibilities.SelectMany(Visibility),
    ];

    private static IEnumerable<string> Unknown(string name, string[]? given, IReadOnlyList<string> known, bool required = false)
    {
        if (given is null || (required && given.Length == 0))
        {
            yield return $"{name} is empty: give some of {string.Join(", ", known)}";
            yield break;
        }

        foreach (var one in given.Where(one => !known.Contains(one)))
        {
            yield return $"{name} holds '{one}': it takes {string.Join(", ", known)}";
        }
    }

    private static IEnumerable<string> Range(string name, double value, double least, double most) =>
        value >= least && value <= most ? [] : [FormattableString.Invariant($"{name} is {value}: give a number from {least} to {most}")];

    private static IEnumerable<string> Time(string name, string? text) =>
        Times.TryParse(text, out _) ? [] : [$"{name} holds '{text}': write a time above zero such as 200ms, 2s or 5m"];

    private static IEnumerable<string> Visibility(string text)
    {
        string? mistake = null;
        try
        {
            SolrVisibility.Parse(text);
        }
        catch (HybridException wrong)
        {
            mistake = wrong.Message;
        }

        return mistake is null ? [] : [$"visibilities: {mistake}"];
    }
}
