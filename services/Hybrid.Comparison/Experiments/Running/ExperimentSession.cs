using System.Diagnostics;
using System.Globalization;
using Hybrid.Comparison.Experiments.Plans;
using Hybrid.Contracts.Reports.Experiments;

namespace Hybrid.Comparison.Experiments.Running;

/// <summary>Makes the runs of one comparison's experiments, each in a namespace of its own, in an order that a seed decides.</summary>
/// <param name="shared">What all runs share; input and options are each run's own.</param>
/// <param name="settings">The settings.</param>
/// <param name="inputs">The inputs.</param>
/// <param name="budget">The time.</param>
internal sealed class ExperimentSession(RunContext shared, ExperimentSettings settings, ExperimentInputs inputs, TimeBudget budget)
{
    /// <summary>A <c>latest</c> restart never shows what it skipped: nobody waits long for it.</summary>
    private static readonly TimeSpan ImpatientSettle = TimeSpan.FromSeconds(3);

    private readonly RunReporter _reporter = new(settings);
    private int _number;
    private int _planned;

    /// <summary>Runs that were planned and not made yet, for the remaining time.</summary>
    public int Planned
    {
        get => _planned;
        set => _planned = Math.Max(0, value);
    }

    /// <summary>What makes figures doubtful, one sentence each.</summary>
    public List<string> Warnings { get; } = [];

    /// <summary>Runs points so often, in blocks: every point once, in random order, before any is repeated.</summary>
    /// <param name="kind">The experiment.</param>
    /// <param name="points">The points.</param>
    /// <param name="refusals">Is told what is left out.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<IReadOnlyList<RunMeasurement>> RunAsync(
        string kind, IReadOnlyList<RunPoint> points, List<string> refusals, CancellationToken cancellationToken)
    {
        var measured = new List<RunMeasurement>(points.Count * settings.Repeat);
        var left = 0;
        for (var repetition = 1; repetition <= settings.Repeat; repetition++)
        {
            var order = points.ToArray();
            new Random(HashCode(settings.Seed, kind, repetition)).Shuffle(order);
            var groups = IsRace(kind) ? [order] : order.Select(point => new[] { point });
            foreach (var group in groups)
            {
                var input = await InputOfAsync(group[0], cancellationToken).ConfigureAwait(false);
                if (!budget.Allows(kind, ReplayOf(input.Input, input.Pace)))
                {
                    left += group.Length;
                    Planned -= group.Length;
                    continue;
                }

                var turn = repetition;
                measured.AddRange(await Task.WhenAll(group.Select(point => RunAsync(kind, point, turn, cancellationToken))).ConfigureAwait(false));
            }
        }

        if (left > 0)
        {
            refusals.Add($"{left} of {points.Count * settings.Repeat} runs were left out, since the time for this experiment was over: give more with another profile or a settings file");
        }

        return measured;
    }

    /// <summary>Whether there is time for a run of a point.</summary>
    public async Task<bool> AllowsAsync(string kind, RunPoint point, CancellationToken cancellationToken)
    {
        var (input, pace) = await InputOfAsync(point, cancellationToken).ConfigureAwait(false);
        return budget.Allows(kind, ReplayOf(input, pace));
    }

    /// <summary>Runs a point once.</summary>
    /// <param name="kind">The experiment.</param>
    /// <param name="point">The point.</param>
    /// <param name="repetition">Which repetition, from 1.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<RunMeasurement> RunAsync(string kind, RunPoint point, int repetition, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        var (input, pace) = await InputOfAsync(point, cancellationToken).ConfigureAwait(false);
        var number = Interlocked.Increment(ref _number);
        var replay = ReplayOf(input, pace);
        var remaining = budget.Remaining(budget.Estimate(replay) * Math.Max(1, Planned));
        shared.Progress.Phase(string.Create(
            CultureInfo.InvariantCulture,
            $"{kind}: {point.Lane}{(point.Name.Length == 0 ? "" : " " + point.Name)}, repetition {repetition}; run {number} of about {number - 1 + Math.Max(1, Planned)}, {Left(remaining)} left"));
        var context = shared with
        {
            Options = OptionsOf(point, pace, input),
            Input = input.Input,
            Scanned = input.Scanned,
            InputInfo = input.Info,
            RunId = string.Create(CultureInfo.InvariantCulture, $"{shared.RunId}-{number}"),
            Directory = Directory.CreateDirectory(Path.Combine(shared.Directory, string.Create(CultureInfo.InvariantCulture, $"run-{number}"))).FullName,
        };
        var run = new LaneRun(context, point.Lane);
        var outcome = await run.RunAsync(cancellationToken).ConfigureAwait(false);
        if (IsRace(kind))
        {
            // What the sandbox and the other lanes use together says nothing of this lane.
            outcome = outcome with { StackCoreSeconds = null, Noise = outcome.Noise with { OtherLoadShare = null } };
        }

        var measurement = _reporter.Report(kind, point, repetition, input, pace, outcome);
        lock (Warnings)
        {
            Warnings.AddRange(run.Warnings.Select(warning => $"{measurement.Run.Id}: {warning}"));
            budget.Took(replay, Stopwatch.GetElapsedTime(started));
            Planned--;
        }

        return measurement;
    }

    private CompareOptions OptionsOf(RunPoint point, TimeSpan pace, PreparedInput input)
    {
        var services = new Dictionary<string, string>(shared.Options.Settings, StringComparer.OrdinalIgnoreCase);
        foreach (var (key, value) in point.Services)
        {
            services[key] = value;
        }

        return shared.Options with
        {
            Pace = pace,
            Settings = services,
            Visibility = point.Visibility ?? shared.Options.Visibility,
            Restarts = point.Restarts,
            Policy = point.Policy,
            Fault = point.Fault,
            Rest = point.Rest,
            WarmUpPartitions = Math.Min(settings.WarmUpPartitions, Math.Max(0, input.Scanned.Periods - 2)),
            SettleTimeout = point.Policy == "latest" ? ImpatientSettle : shared.Options.SettleTimeout,
            DeleteEachRun = true,
        };
    }

    /// <summary>
    /// The input of a point and its pace. A higher rate is more lines in generated partitions, and a faster replay of the user's own.
    /// </summary>
    private async Task<(PreparedInput Input, TimeSpan Pace)> InputOfAsync(RunPoint point, CancellationToken cancellationToken)
    {
        var pace = shared.Options.Pace;
        if (point.Rate is { } rate)
        {
            if (inputs.AreGenerated)
            {
                var lines = (int)Math.Max(1, Math.Round(rate * pace.TotalSeconds));
                return (await inputs.GeneratedAsync(InputVariant.Plain, lines, cancellationToken).ConfigureAwait(false), pace);
            }

            var given = await inputs.MainAsync(cancellationToken).ConfigureAwait(false);
            return (given, TimeSpan.FromSeconds(Math.Max(0.01, given.RecordsPerPeriod / rate)));
        }

        return point.Fault is { Input: not InputVariant.Plain } fault
            ? (await inputs.GeneratedAsync(fault.Input, settings.RecordsPerPartition, cancellationToken).ConfigureAwait(false), pace)
            : (await inputs.MainAsync(cancellationToken).ConfigureAwait(false), pace);
    }

    private bool IsRace(string kind) => settings.Race && kind == ExperimentKinds.Freshness;

    private static TimeSpan ReplayOf(PreparedInput input, TimeSpan pace) => pace * input.Scanned.Periods;

    private static int HashCode(long seed, string kind, int repetition) =>
        unchecked((int)((seed * 1_000_003) + (ExperimentKinds.All.ToList().IndexOf(kind) * 1_009) + repetition));

    private static string Left(TimeSpan time) => time.TotalMinutes < 2
        ? string.Create(CultureInfo.InvariantCulture, $"about {time.TotalSeconds:0} s")
        : string.Create(CultureInfo.InvariantCulture, $"about {time.TotalMinutes:0} min");
}
