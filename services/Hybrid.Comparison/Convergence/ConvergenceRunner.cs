using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Hybrid.Comparison.Convergence.Planning;
using Hybrid.Comparison.Convergence.Running;
using Hybrid.Comparison.Experiments;
using Hybrid.Comparison.Processes;
using Hybrid.Pipeline.Hosting;

namespace Hybrid.Comparison.Convergence;

/// <summary>
/// Shows that all lanes end in the same index, whatever happens: rounds of a random input under random faults, each from one seed, and every
/// lane's index held against the truth, document by document.
/// </summary>
public static class ConvergenceRunner
{
    private const int MostParallel = 16;

    /// <summary>After so many rounds a sandbox is made anew, so that what old rounds left does not slow it down.</summary>
    private const int RoundsPerSandbox = 12;

    /// <summary>Runs rounds until they are done, time is over, or one does not hold.</summary>
    /// <param name="options">How many, and with what.</param>
    /// <param name="executable">The program that has the verbs <c>sandbox</c>, <c>publish</c> and <c>lane</c>.</param>
    /// <param name="host">Runs the services that need no process of their own.</param>
    /// <param name="progress">Is told of every round.</param>
    /// <param name="cancellationToken">Ends everything; rounds that are under way count for nothing.</param>
    /// <returns>The rounds that came to their end.</returns>
    /// <exception cref="HybridException">The options are wrong, or a sandbox does not start or dies.</exception>
    public static async Task<ConvergenceResult> RunAsync(
        ConvergenceOptions options, HybridExecutable executable, IServiceHost host, IProgress<ConvergenceRound> progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(executable);
        ArgumentNullException.ThrowIfNull(host);
        ArgumentNullException.ThrowIfNull(progress);
        Check(options);
        var directory = options.DataDirectory is { } given ? Path.GetFullPath(given) : Directory.CreateTempSubdirectory("hybrid-soak-").FullName;
        var (hosted, processes) = (new StartAllowance(TimeSpan.FromSeconds(1)), new StartAllowance(TimeSpan.FromSeconds(2)));
        var rounds = new ConcurrentQueue<ConvergenceRound>();
        var keep = true;
        try
        {
            var deck = new Deck(options);
            var workers = Enumerable.Range(0, Math.Min(options.Parallel, options.Rounds ?? options.Parallel))
                .Select(worker => Task.Run(() => WorkAsync(worker), CancellationToken.None));
            await Task.WhenAll(workers).ConfigureAwait(false);
            keep = options.DataDirectory is not null || rounds.Any(round => round.Violations.Count > 0);
            return new ConvergenceResult([.. rounds], keep ? directory : null);

            async Task WorkAsync(int worker)
            {
                try
                {
                    await RunRoundsAsync(worker, deck).ConfigureAwait(false);
                }
                catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
                {
                    // What was under way counts for nothing; the rounds before stand.
                }
                finally
                {
                    deck.Close();
                }
            }
        }
        catch (HybridException failure)
        {
            throw new HybridException(failure.ExitCode, $"{failure.Message}; data and logs in {directory}", failure);
        }
        finally
        {
            if (!keep)
            {
                Directory.Delete(directory, recursive: true);
            }
        }

        async Task RunRoundsAsync(int worker, Deck deck)
        {
            for (var era = 0; deck.IsOpen; era++)
            {
                var place = Directory.CreateDirectory(Path.Combine(directory, string.Create(CultureInfo.InvariantCulture, $"sandbox-{worker}-{era}"))).FullName;
                var held = true;
                await using (var stack = new RoundStack(executable, place))
                {
                    await stack.StartAsync(cancellationToken).ConfigureAwait(false);
                    for (var number = 0; number < RoundsPerSandbox && deck.Draw() is { } seed; number++)
                    {
                        var round = await RunRoundAsync(seed, number, stack, place).ConfigureAwait(false);
                        rounds.Enqueue(round);
                        progress.Report(round);
                        if (round.Violations.Count > 0)
                        {
                            held = false;
                            deck.Close();
                            break;
                        }
                    }
                }

                if (held && options.DataDirectory is null)
                {
                    Directory.Delete(place, recursive: true);
                }
            }
        }

        async Task<ConvergenceRound> RunRoundAsync(long seed, int number, RoundStack stack, string place)
        {
            var plan = ConvergencePlan.Of(seed, LanesOf(options));
            var logs = Directory.CreateDirectory(Path.Combine(place, string.Create(CultureInfo.InvariantCulture, $"seed-{seed}"))).FullName;
            await File.WriteAllLinesAsync(
                Path.Combine(logs, "plan.txt"),
                [
                    .. plan.Settings.Select(setting => $"{setting.Key}={setting.Value}"),
                    .. plan.Services.Select(service => $"{service.Name}: {(service.InProcess ? "in this process" : "a process")}, {string.Join(' ', service.Settings)}"),
                    .. plan.Input.Puts.Select(put => $"{put.At.TotalMilliseconds,5:0} ms  put {put.Key} of generation {put.Generation}"),
                    .. plan.Steps.Select(step => step.ToString()),
                ],
                cancellationToken).ConfigureAwait(false);
            await using var run = new RoundRun(plan, number, stack, executable, host, options.Patience, plan.Services.All(service => service.InProcess) ? hosted : processes, logs);
            return await run.RunAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>The lanes that take part in every round.</summary>
    /// <param name="options">What was asked for.</param>
    public static IReadOnlyList<string> LanesOf(ConvergenceOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return options.Lanes.Count > 0 ? options.Lanes : LaneCatalog.Available;
    }

    private static void Check(ConvergenceOptions options)
    {
        LaneCatalog.Check(LanesOf(options));
        if (options.Rounds < 1)
        {
            throw HybridException.WrongCall($"--rounds {options.Rounds}: at least 1");
        }

        if (options.Seed < 0)
        {
            throw HybridException.WrongCall($"--seed {options.Seed}: at least 0");
        }

        if (options.Parallel is < 1 or > MostParallel)
        {
            throw HybridException.WrongCall($"--parallel {options.Parallel}: from 1 to {MostParallel}");
        }

        if (options.DataDirectory is { } directory && Directory.Exists(directory) && Directory.EnumerateFileSystemEntries(directory).Any())
        {
            throw HybridException.WrongCall($"--data {directory} is not empty: name a new directory");
        }
    }

    /// <summary>The seeds that are still to come.</summary>
    private sealed class Deck(ConvergenceOptions options)
    {
        private readonly long _began = Stopwatch.GetTimestamp();
        private long _drawn = -1;
        private volatile bool _closed;

        public bool IsOpen => !_closed && !(Volatile.Read(ref _drawn) + 1 >= options.Rounds) && !(Stopwatch.GetElapsedTime(_began) >= options.For);

        public void Close() => _closed = true;

        public long? Draw() => IsOpen && Interlocked.Increment(ref _drawn) is var number && !(number >= options.Rounds) ? options.Seed + number : null;
    }
}
