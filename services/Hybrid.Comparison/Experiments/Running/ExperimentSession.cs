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
    private static readonly TimeSpan FastestPace = TimeSpan.FromMilliseconds(10);

    private const double MuchLate = 0.25;

    private readonly List<double> _late = [];
    private readonly RunReporter _reporter = new(settings);
    private int _number;
    private int _planned;

    /// <summary>Runs that were planned and not made yet, for the remaining time.</summary>
    public int Planned
    {
        get => _planned;
        set => _planned = Math.Max(0, value);
    }

    /// <summary>Lowers the repetitions of what was meant until it fits into the time.</summary>
    /// <param name="planned">What was meant, in the order of the experiments.</param>
    public IReadOnlyList<PlannedWork> Fit(IReadOnlyList<PlannedWork> planned)
    {
        var fitted = PlannedWork.Fit(planned, budget.Total, budget.Overhead, settings.MinimumRuns);
        Planned = fitted.Sum(work => work.Runs);
        if (fitted.Sum(work => work.Runs) is var runs && runs < planned.Sum(work => work.Runs))
        {
            Warnings.Add($"{planned.Sum(work => work.Runs)} runs were meant and about {runs} fit into {Left(budget.Total!.Value)}: the repetitions were lowered; give more time with another profile or a settings file");
        }

        return fitted;
    }

    /// <summary>Begins an experiment.</summary>
    /// <param name="ahead">The work that is left, that of the experiment first.</param>
    public void Begin(IReadOnlyList<PlannedWork> ahead) => budget.Begin(ahead);

    /// <summary>What makes figures doubtful, one sentence each.</summary>
    public List<string> Warnings { get; } = [];

    /// <summary>The same of all runs together: how many had a generator that was late itself.</summary>
    public string? Lateness => _late.Count == 0
        ? null
        : string.Create(
            CultureInfo.InvariantCulture,
            $"in {_late.Count} of {_number} runs the generator itself was late by more than {MuchLate:0.##} of a pace (p99, at worst {_late.Max():0.0} paces): the machine was too busy, and freshness includes it");

    /// <summary>Runs points so often, in blocks: every point once, in random order, before any is repeated.</summary>
    /// <param name="kind">The experiment.</param>
    /// <param name="points">The points.</param>
    /// <param name="repetitions">How often.</param>
    /// <param name="refusals">Is told what is left out.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<IReadOnlyList<RunMeasurement>> RunAsync(
        string kind, IReadOnlyList<RunPoint> points, int repetitions, List<string> refusals, CancellationToken cancellationToken)
    {
        var measured = new List<RunMeasurement>(points.Count * repetitions);
        var left = 0;
        for (var repetition = 1; repetition <= repetitions; repetition++)
        {
            var order = points.ToArray();
            new Random(HashCode(settings.Seed, kind, repetition)).Shuffle(order);
            var groups = IsRace(kind) ? [order] : order.Select(point => new[] { point });
            foreach (var group in groups)
            {
                var input = await InputOfAsync(group[0], cancellationToken).ConfigureAwait(false);
                if (!budget.Allows(ReplayOf(input.Input, input.Pace) + group.Max(point => point.Rest)))
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
            refusals.Add($"{left} of {points.Count * repetitions} runs were left out, since the time for this experiment was over: give more with another profile or a settings file");
        }

        return measured;
    }

    /// <summary>Whether there is time for a run of a point.</summary>
    public async Task<bool> AllowsAsync(RunPoint point, CancellationToken cancellationToken)
    {
        var (input, pace) = await InputOfAsync(point, cancellationToken).ConfigureAwait(false);
        return budget.Allows(ReplayOf(input, pace));
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
        var replay = ReplayOf(input, pace) + point.Rest;
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
            if (measurement.Run.Noise.GeneratorLatenessP99Seconds / pace.TotalSeconds is { } late && late > MuchLate)
            {
                _late.Add(late);
            }

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
            DeleteEachRun = true,
        };
    }

    /// <summary>
    /// The input of a point and its pace. A higher rate is more lines in generated partitions, and a faster replay of more of the user's own, down to the
    /// fastest pace.
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
            var periods = (int)Math.Ceiling(ReplayOf(given, pace) / PaceOf(given, rate));
            var longer = await inputs.StretchAsync(Math.Max(given.Scanned.Periods, periods), cancellationToken).ConfigureAwait(false);
            return (longer, PaceOf(longer, rate));
        }

        return point.Fault is { Input: not InputVariant.Plain } fault
            ? (await inputs.GeneratedAsync(fault.Input, settings.RecordsPerPartition, cancellationToken).ConfigureAwait(false), pace)
            : (await inputs.MainAsync(cancellationToken).ConfigureAwait(false), pace);
    }

    private static TimeSpan PaceOf(PreparedInput input, double rate)
    {
        var pace = TimeSpan.FromSeconds(input.RecordsPerPeriod / rate);
        return pace < FastestPace ? FastestPace : pace;
    }

    private bool IsRace(string kind) => settings.Race && kind == ExperimentKinds.Freshness;

    private static TimeSpan ReplayOf(PreparedInput input, TimeSpan pace) => pace * input.Scanned.Periods;

    private static int HashCode(long seed, string kind, int repetition) =>
        unchecked((int)((seed * 1_000_003) + (ExperimentKinds.All.ToList().IndexOf(kind) * 1_009) + repetition));

    private static string Left(TimeSpan time) => time.TotalMinutes < 2
        ? string.Create(CultureInfo.InvariantCulture, $"about {time.TotalSeconds:0} s")
        : string.Create(CultureInfo.InvariantCulture, $"about {time.TotalMinutes:0} min");
}
