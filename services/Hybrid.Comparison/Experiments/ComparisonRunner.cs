using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using Hybrid.Comparison.Cost;
using Hybrid.Comparison.Load.Input;
using Hybrid.Comparison.Progress;
using Hybrid.Comparison.Reporting;
using Hybrid.Comparison.Stack;
using Hybrid.Contracts.Lanes;
using Hybrid.Contracts.Reports;
using Hybrid.Pipeline.Avro;
using Hybrid.Pipeline.Hosting;
using Hybrid.Pipeline.Lanes;
using Hybrid.Pipeline.Measurement;
using Hybrid.Pipeline.Solr;
using Hybrid.Pipeline.Windows;

namespace Hybrid.Comparison.Experiments;

/// <summary>Compares lanes on one input: one after the other, each in a namespace of its own on one stack, all on the same schedule.</summary>
public static class ComparisonRunner
{
    private const double MuchSteal = 0.02;

    /// <summary>Runs the comparison and writes its report's files.</summary>
    /// <param name="options">What to compare, and how.</param>
    /// <param name="progress">Is told how it goes.</param>
    /// <param name="cancellationToken">Ends it; nothing is left running.</param>
    /// <returns>The report; whether the run found a failure is for <see cref="Succeeded"/> to say.</returns>
    /// <exception cref="HybridException">The call is wrong, or the stack cannot be started or reached.</exception>
    public static async Task<ComparisonReport> RunAsync(CompareOptions options, IComparisonProgress progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(progress);
        Check(options);
        try
        {
            return await CompareAsync(options, progress, cancellationToken).ConfigureAwait(false);
        }
        catch (IOException failure)
        {
            throw HybridException.Failure($"the comparison cannot work in {options.Out} ({failure.Message}): make room there or give another --out", failure);
        }
    }

    /// <summary>Whether every lane converged, every count adds up and nothing went wrong.</summary>
    /// <param name="report">A comparison's report.</param>
    public static bool Succeeded(ComparisonReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        return report.Lanes.All(Verdict.Passed) && report.Experiments.All(ExperimentRunner.Succeeded);
    }

    private static async Task<ComparisonReport> CompareAsync(CompareOptions options, IComparisonProgress progress, CancellationToken cancellationToken)
    {
        var settings = SettingsOf(options);
        var drawn = await ReportOptions.ReadAsync(options.Pricing, options.EventsPerDay, options.PartitionPeriod, cancellationToken).ConfigureAwait(false);
        var startedAt = DateTimeOffset.UtcNow;
        var started = Stopwatch.GetTimestamp();
        var steal = ProcessorSteal.Now();
        var runId = startedAt.ToString("yyyyMMddHHmmssfff", CultureInfo.InvariantCulture);
        using var directory = WorkDirectory.Create(options.Out, runId, options.KeepData);
        var parts = options.Experiments is null
            ? await RunOnceAsync(options, directory.Path, runId, progress, cancellationToken).ConfigureAwait(false)
            : await ExperimentRunner.RunAsync(options, directory.Path, runId, progress, cancellationToken).ConfigureAwait(false);
        var warnings = parts.Warnings.ToList();
        if (steal is { } before && ProcessorSteal.Now() is { } after && after.ShareSince(before) > MuchSteal)
        {
            warnings.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"the hypervisor gave {after.ShareSince(before):P0} of the processor time to other machines: repeat the run when the host is quieter"));
        }

        var report = new ComparisonReport
        {
            Run = new RunInfo
            {
                StartedAt = startedAt,
                DurationSeconds = Math.Round(Stopwatch.GetElapsedTime(started).TotalSeconds, 3),
                Version = Version(),
                Command = options.Command,
                PaceSeconds = parts.PaceSeconds,
                Stack = parts.Origins,
                Settings = settings,
                Seed = parts.Seed,
                Machine = Machine(),
                Warnings = warnings,
            },
            Input = parts.Input,
            Lanes = parts.Reports,
            Experiments = parts.Experiments,
            Decision = Conclusions.Draw(parts.Reports, parts.Experiments),
        };
        directory.DropSandbox();
        await ReportFiles.WriteAsync(report, options.Out, drawn, cancellationToken).ConfigureAwait(false);
        if (!Succeeded(report))
        {
            progress.Note($"the services' logs are kept in {directory.KeepLogs()}");
        }

        return report;
    }

    private static async Task<ComparisonParts> RunOnceAsync(
        CompareOptions options, string directory, string runId, IComparisonProgress progress, CancellationToken cancellationToken)
    {
        using var metrics = new HybridMetrics();
        var input = InputCatalog.Open(options, metrics);
        var warnings = new List<string>();
        var scanned = await ReadAsync(input, options, warnings, progress, cancellationToken).ConfigureAwait(false);
        var info = InfoOf(input, scanned);
        var lanes = new List<LaneReport>(options.Lanes.Count);
        progress.Phase(options.Stack.IsComplete ? "using the stack that was given" : "starting the sandbox");
        await using var stack = await RunStack.StartAsync(options.Stack, options.Executable, directory, cancellationToken).ConfigureAwait(false);
        var context = new RunContext(options, input, scanned, info, stack, directory, runId, new StartUpAllowance(stack.StartUp), progress);
        foreach (var lane in options.Lanes)
        {
            progress.Phase(string.Create(
                CultureInfo.InvariantCulture,
                $"{lane}: {scanned.Periods} periods of {scanned.Layout.Period:c} at a pace of {options.Pace.TotalSeconds:0.###} s, about {Duration(scanned.Periods * options.Pace)}"));
            var run = new LaneRun(context, lane);
            var outcome = await run.RunAsync(cancellationToken).ConfigureAwait(false);
            lanes.Add(outcome.ToReport(info));
            warnings.AddRange(run.Warnings);
        }

        return new ComparisonParts(info, lanes, stack.Origins, warnings, scanned.Seed) { PaceSeconds = options.Pace.TotalSeconds, Lanes = options.Lanes };
    }

    private static void Check(CompareOptions options)
    {
        if (options.Experiments is null && options.Input.Length == 0)
        {
            throw HybridException.WrongCall("no input is given: name the partitions with --input, or let --profile or --experiments generate them");
        }

        if (options.Experiments is not null && options.Restarts.Count > 0)
        {
            throw HybridException.WrongCall("--restart is for a comparison without experiments: take --experiments restart, whose settings say what is restarted");
        }

        LaneCatalog.Check(options.Lanes);
        if (options.Pace < TimeSpan.FromMilliseconds(10) || options.Pace > TimeSpan.FromDays(1))
        {
            throw HybridException.WrongCall($"the pace is {options.Pace}: give one from 10ms to 1 day");
        }

        if (options.MaxPartitions is < 1 || options.CanariesPerPartition < 1)
        {
            throw HybridException.WrongCall("partitions and canaries are counted from 1: correct the option below that");
        }

        if (options.Restarts.FirstOrDefault(step => step.Target is not (RestartStep.Publisher or RestartStep.AnyLane) && !options.Lanes.Contains(step.Target)) is { } stray)
        {
            throw HybridException.WrongCall($"the restart '{stray}' is for '{stray.Target}', which is not compared: name publisher, lane or one of {string.Join(", ", options.Lanes)}");
        }
    }

    /// <summary>Reads an input's lines once.</summary>
    /// <exception cref="HybridException">It holds nothing, or cannot be read.</exception>
    internal static async Task<ScannedInput> ReadAsync(
        IPartitionInput input, CompareOptions options, List<string> warnings, IComparisonProgress progress, CancellationToken cancellationToken)
    {
        progress.Phase($"reading {input.Description}");
        var selection = await InputCatalog.SelectAsync(input, options, cancellationToken).ConfigureAwait(false);
        var window = OptionsRegistration.Bind<WindowOptions>(HybridConfiguration.Build(options.ServiceSettings()), WindowOptions.Section);
        var scanned = await new InputScanner(input, options.CanariesPerPartition, window, options.Formats())
            .ScanAsync(selection, done => progress.Advance(done, selection.Partitions.Count), cancellationToken).ConfigureAwait(false);
        if (options.Restarts.FirstOrDefault(step => step.AtPartition > scanned.Periods) is { } beyond)
        {
            throw HybridException.WrongCall($"the restart '{beyond}' comes after the last of {scanned.Periods} periods: give an earlier one");
        }

        if (scanned.Lines == 0)
        {
            throw HybridException.WrongCall($"the partitions of {input.Description} hold no lines: give an input with data");
        }

        if (selection.ExpectedLines is { } expected && expected != scanned.Lines)
        {
            warnings.Add($"{input.Description} holds {scanned.Lines} lines, but its manifest counted {expected}: it was changed since, or copied in part");
        }

        return scanned;
    }

    /// <summary>What an input is, for the report.</summary>
    internal static InputInfo InfoOf(IPartitionInput input, ScannedInput scanned) => new()
    {
        Source = input.Description,
        Partitions = scanned.Partitions.Count,
        Objects = scanned.Partitions.Sum(partition => partition.Objects.Count),
        Lines = scanned.Lines,
        Records = scanned.Records,
        DeadLetters = scanned.DeadLetters,
        Documents = scanned.Truth.Visible,
        FirstPartition = scanned.First.Name,
        LastPartition = scanned.Last.Name,
    };

    /// <summary>The settings that shape the figures, as the services will take them.</summary>
    /// <exception cref="HybridException">One of them is wrong.</exception>
    private static Dictionary<string, string> SettingsOf(CompareOptions options)
    {
        var services = options.ServiceSettings();
        var configuration = HybridConfiguration.Build(services);
        var solr = OptionsRegistration.Bind<SolrOptions>(configuration, SolrOptions.Section);
        var lane = OptionsRegistration.Bind<LaneOptions>(configuration, LaneOptions.Section);
        var avro = OptionsRegistration.Bind<AvroOptions>(configuration, AvroOptions.Section);
        var window = OptionsRegistration.Bind<WindowOptions>(configuration, WindowOptions.Section);
        SolrVisibility.Parse(solr.Visibility);
        var settings = new Dictionary<string, string>(options.Settings, StringComparer.OrdinalIgnoreCase)
        {
            ["Solr:Visibility"] = solr.Visibility,
            ["Solr:Adapter"] = solr.Adapter,
            ["Avro:Adapter"] = avro.Adapter,
            ["Publisher:PollInterval"] = services["Publisher:PollInterval"]!,
            ["Lane:Interval"] = lane.Interval.ToString("c"),
            ["Lane:CommitInterval"] = lane.CommitInterval.ToString("c"),
            ["Window:Length"] = window.Length.ToString("c"),
            ["Window:Hop"] = window.Hop.ToString("c"),
        };
        if (options.Lanes.Contains(LaneNames.Streamiz))
        {
            var streamiz = OptionsRegistration.Bind<StreamizOptions>(configuration, StreamizOptions.Section);
            settings["Streamiz:PollInterval"] = streamiz.PollInterval.ToString("c");
            settings["Streamiz:Guarantee"] = streamiz.Guarantee.ToString();
            settings["Streamiz:StateStore"] = streamiz.StateStore.ToString();
        }

        if (options.Restarts.Count > 0)
        {
            settings["restarts"] = string.Join(", ", options.Restarts);
        }

        return settings;
    }

    private static string Version() =>
        typeof(ComparisonRunner).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    private static MachineInfo Machine() => new(
        Environment.ProcessorCount, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes, RuntimeInformation.OSDescription, RuntimeInformation.FrameworkDescription);

    private static string Duration(TimeSpan time) => time.TotalMinutes < 2
        ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0} s")
        : string.Create(CultureInfo.InvariantCulture, $"{time.TotalMinutes:0} min");
}
