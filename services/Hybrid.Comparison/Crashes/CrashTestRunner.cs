using System.Diagnostics;
using Hybrid.Comparison.Crashes.Kafka;
using Hybrid.Comparison.Crashes.Registry;
using Hybrid.Comparison.Crashes.S3;
using Hybrid.Comparison.Crashes.Solr;
using Hybrid.Comparison.Processes;
using Hybrid.Contracts.Stack;
using Hybrid.Pipeline.Hosting;

namespace Hybrid.Comparison.Crashes;

/// <summary>
/// Kills the sandbox (SIGKILL) again and again under the load of real clients of all four services, starts it on the same data, and
/// checks each time that everything it ever acknowledged is there and that nothing is there by halves or twice.
/// </summary>
public static class CrashTestRunner
{
    private const double ShareOfKilledStarts = 0.15;
    private const int LongestKilledStart = 500;
    private const int ShortestLoad = 50;

    /// <summary>Runs the rounds, up to the first that finds something wrong.</summary>
    /// <param name="options">How often and how hard.</param>
    /// <param name="executable">The program that has the verb <c>sandbox</c>.</param>
    /// <param name="progress">Is told of every round.</param>
    /// <param name="cancellationToken">Stops after killing the sandbox; the data directory stays when it was given.</param>
    /// <exception cref="HybridException">The options are wrong, or the sandbox does not start.</exception>
    public static async Task<CrashTestResult> RunAsync(
        CrashTestOptions options, HybridExecutable executable, IProgress<CrashRound> progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(executable);
        ArgumentNullException.ThrowIfNull(progress);
        Check(options);
        var directory = options.DataDirectory is { } given ? Path.GetFullPath(given) : Directory.CreateTempSubdirectory("hybrid-crash-").FullName;
        var keep = options.DataDirectory is not null;
        try
        {
            Directory.CreateDirectory(directory);
            var rounds = await RunAsync(options, executable, directory, progress, cancellationToken).ConfigureAwait(false);
            var failed = rounds[^1].Violations.Count > 0;
            keep |= failed;
            return new CrashTestResult(rounds, keep ? directory : null);
        }
        finally
        {
            if (!keep)
            {
                Directory.Delete(directory, recursive: true);
            }
        }
    }

    private static void Check(CrashTestOptions options)
    {
        if (options.Rounds < 1)
        {
            throw HybridException.WrongCall($"--rounds {options.Rounds}: at least 1");
        }

        if (options.LongestLoad < TimeSpan.FromMilliseconds(ShortestLoad))
        {
            throw HybridException.WrongCall($"--load {options.LongestLoad.TotalMilliseconds:0}ms: at least {ShortestLoad}ms");
        }

        if (options.DataDirectory is { } directory && Directory.Exists(directory) && Directory.EnumerateFileSystemEntries(directory).Any())
        {
            throw HybridException.WrongCall($"--data {directory} is not empty: what was acknowledged before is not known, so name a new directory");
        }
    }

    private static async Task<List<CrashRound>> RunAsync(
        CrashTestOptions options, HybridExecutable executable, string directory, IProgress<CrashRound> progress, CancellationToken cancellationToken)
    {
        await using var sandbox = new KilledSandbox(executable, directory);
        await sandbox.StartAsync(cancellationToken).ConfigureAwait(false);
        var workloads = Workloads(sandbox.Endpoints, sandbox.Data);
        try
        {
            await Task.WhenAll(workloads.Select(workload => workload.PrepareAsync(cancellationToken))).ConfigureAwait(false);
            var rounds = new List<CrashRound>();
            while (rounds.Count < options.Rounds && (rounds.Count == 0 || rounds[^1].Violations.Count == 0))
            {
                var round = await RoundAsync(rounds.Count + 1, options, sandbox, workloads, cancellationToken).ConfigureAwait(false);
                rounds.Add(round);
                progress.Report(round);
            }

            return rounds;
        }
        catch (Exception failure) when (cancellationToken.IsCancellationRequested && failure is not OperationCanceledException)
        {
            // Ctrl-C ends the sandbox, too: what fails for want of it is no finding.
            throw new OperationCanceledException(failure.Message, failure, cancellationToken);
        }
        finally
        {
            await Task.WhenAll(workloads.Select(workload => workload.DisposeAsync().AsTask())).ConfigureAwait(false);
        }
    }

    private static List<ICrashWorkload> Workloads(StackEndpoints endpoints, string data)
    {
        var kafka = new CrashClients(endpoints.KafkaBootstrapServers!);
        return
        [
            new RecordWorkload(kafka, Confluent.Kafka.CompressionType.None),
            new RecordWorkload(kafka, Confluent.Kafka.CompressionType.Lz4),
            new CompactedWorkload(kafka),
            new TransactionWorkload(kafka),
            new OffsetWorkload(kafka),
            new ObjectWorkload(endpoints.S3Url!, Path.Combine(data, "s3")),
            new SchemaWorkload(endpoints.RegistryUrl!),
            new DocumentWorkload(endpoints.SolrUrl!),
        ];
    }

    private static async Task<CrashRound> RoundAsync(
        int number, CrashTestOptions options, KilledSandbox sandbox, List<ICrashWorkload> workloads, CancellationToken cancellationToken)
    {
        var choices = new Random((int)Payload.Mix(Payload.Mix((ulong)options.Seed) + (ulong)number));
        var load = TimeSpan.FromMilliseconds(choices.Next(ShortestLoad, (int)options.LongestLoad.TotalMilliseconds + 1));
        var survive = choices.Next(2) == 0;
        var violations = new Violations();
        using var killed = new CancellationTokenSource();
        var before = workloads.ConvertAll(workload => workload.Acknowledged);
        using var abandoned = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var round = new LoadRound(choices.Next(), survive, killed.Token, abandoned.Token);
        var running = workloads.Select(workload => Task.Run(() => workload.RunAsync(round, violations), CancellationToken.None)).ToList();
        var killedStarts = 0;
        TimeSpan restart;
        try
        {
            await UnderLoadAsync(sandbox, workloads, before, cancellationToken).ConfigureAwait(false);
            await Task.Delay(load, cancellationToken).ConfigureAwait(false);
            await killed.CancelAsync().ConfigureAwait(false);
            await sandbox.KillAsync().ConfigureAwait(false);
            while (choices.NextDouble() < ShareOfKilledStarts)
            {
                await sandbox.StartAndKillAsync(TimeSpan.FromMilliseconds(choices.Next(LongestKilledStart)), cancellationToken).ConfigureAwait(false);
                killedStarts++;
            }

            restart = await sandbox.StartAsync(cancellationToken).ConfigureAwait(false);
            await WhileItRunsAsync(sandbox, Task.WhenAll(running), abandoned).ConfigureAwait(false);
        }
        catch
        {
            // Nobody starts the sandbox any more: what becomes of its clients is no finding.
            await killed.CancelAsync().ConfigureAwait(false);
            await abandoned.CancelAsync().ConfigureAwait(false);
            await Task.WhenAll(running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }

        cancellationToken.ThrowIfCancellationRequested();
        var started = Stopwatch.GetTimestamp();
        await CheckAsync(sandbox, workloads, violations, cancellationToken).ConfigureAwait(false);
        var acknowledged = workloads.GroupBy(workload => workload.Name).ToDictionary(group => group.Key, group => group.Sum(workload => workload.Acknowledged));
        return new CrashRound(number, load, survive, killedStarts, restart, Stopwatch.GetElapsedTime(started), acknowledged, violations.Lines());
    }

    /// <summary>Waits until every workload has been answered in this round.</summary>
    private static async Task UnderLoadAsync(KilledSandbox sandbox, List<ICrashWorkload> workloads, List<long> before, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        while (workloads.Where((workload, index) => workload.Acknowledged == before[index]).FirstOrDefault() is { } silent)
        {
            sandbox.ThrowIfEnded();
            if (Stopwatch.GetElapsedTime(started) > LoadRound.Patience)
            {
                throw HybridException.Failure($"{silent.Name}: nothing was acknowledged for {LoadRound.Patience.TotalSeconds:0} s after a restart");
            }

            await Task.Delay(5, cancellationToken).ConfigureAwait(false);
        }
    }

    private static async Task CheckAsync(
        KilledSandbox sandbox, List<ICrashWorkload> workloads, Violations violations, CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var checks = Task.WhenAll(workloads.Select(workload => Task.Run(() => CheckAsync(workload, violations, ending.Token), ending.Token)));
        await WhileItRunsAsync(sandbox, checks, ending).ConfigureAwait(false);
    }

    /// <summary>Waits for clients, and makes them give up when the sandbox ends by itself: they would wait for it.</summary>
    private static async Task WhileItRunsAsync(KilledSandbox sandbox, Task clients, CancellationTokenSource ending)
    {
        if (await Task.WhenAny(clients, sandbox.Ended).ConfigureAwait(false) != clients)
        {
            await ending.CancelAsync().ConfigureAwait(false);
            await clients.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            sandbox.ThrowIfEnded();
        }

        await clients.ConfigureAwait(false);
    }

    private static async Task CheckAsync(ICrashWorkload workload, Violations violations, CancellationToken cancellationToken)
    {
        try
        {
            await workload.CheckAsync(violations, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            violations.Add(workload.Name, $"cannot be read back: {failure.GetType().Name}: {failure.Message}");
        }
    }
}
