using System.Globalization;
using System.Text.Json.Nodes;
using Hybrid.Comparison.Processes;
using Hybrid.Comparison.Stack;
using Hybrid.Pipeline.Hosting;

namespace Hybrid.Comparison.Crashes.Publishing;

/// <summary>
/// Kills the publisher (SIGKILL) again and again while its input arrives under listings that lag, and holds what a consumer of committed
/// records sees against what was put.
/// </summary>
public static class PublisherCrashRunner
{
    private const int ShareOfSharedRounds = 3;
    private const int OfRounds = 10;
    private const int Shards = 2;

    private static readonly TimeSpan ShortestLag = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestLag = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan StopDeadline = TimeSpan.FromSeconds(10);

    /// <summary>Runs the kills and the checks.</summary>
    /// <param name="options">How often, and under what.</param>
    /// <param name="executable">The program that has the verbs <c>sandbox</c> and <c>publish</c>.</param>
    /// <param name="progress">Is told of every kill.</param>
    /// <param name="cancellationToken">Stops everything; the data directory stays when it was given.</param>
    /// <exception cref="HybridException">The options are wrong, or the sandbox does not start.</exception>
    public static async Task<PublisherCrashResult> RunAsync(
        PublisherCrashOptions options, HybridExecutable executable, IProgress<PublisherCrashRound> progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(executable);
        ArgumentNullException.ThrowIfNull(progress);
        Check(options);
        var directory = options.DataDirectory is { } given ? Path.GetFullPath(given) : Directory.CreateTempSubdirectory("hybrid-publisher-crash-").FullName;
        var keep = options.DataDirectory is not null;
        try
        {
            var result = await RunAsync(options, executable, directory, progress, cancellationToken).ConfigureAwait(false);
            keep |= result.Violations.Count > 0;
            return result with { DataDirectory = keep ? directory : null };
        }
        catch (HybridException failure)
        {
            keep = true;
            throw new HybridException(failure.ExitCode, $"{failure.Message}; data and logs in {directory}", failure);
        }
        finally
        {
            if (!keep)
            {
                Directory.Delete(directory, recursive: true);
            }
        }
    }

    private static void Check(PublisherCrashOptions options)
    {
        if (options.Rounds < 1)
        {
            throw HybridException.WrongCall($"--rounds {options.Rounds}: at least 1");
        }

        if (options.ListingLag < ShortestLag || options.ListingLag > LongestLag)
        {
            throw HybridException.WrongCall(
                $"--listing-lag {options.ListingLag.TotalMilliseconds:0}ms: from {ShortestLag.TotalMilliseconds:0}ms to {LongestLag.TotalSeconds:0}s");
        }

        if (options.DataDirectory is { } directory && Directory.Exists(directory) && Directory.EnumerateFileSystemEntries(directory).Any())
        {
            throw HybridException.WrongCall($"--data {directory} is not empty: name a new directory");
        }
    }

    private static async Task<PublisherCrashResult> RunAsync(
        PublisherCrashOptions options, HybridExecutable executable, string directory, IProgress<PublisherCrashRound> progress, CancellationToken cancellationToken)
    {
        var data = Path.Combine(directory, RunStack.DataDirectory);
        Directory.CreateDirectory(data);

        // No cleaner comes near the topic of watermarks, so that its whole history can be read.
        await using var sandbox = ChildProcess.Start(
            executable,
            "the sandbox",
            ["sandbox", "--data", data, "--without", "solr", "--kafka-retention-check", "1d"],
            new Dictionary<string, string>(),
            Path.Combine(directory, "sandbox.log"));
        var endpoints = await SandboxReadiness.WaitAsync(sandbox, data, cancellationToken).ConfigureAwait(false);
        using var faults = new SandboxFaults(endpoints.AdminUrl!);
        await faults.AddAsync(Lag(options), cancellationToken).ConfigureAwait(false);

        var campaign = new CrashCampaign(executable, endpoints, faults, options, directory, progress);
        var shared = options.Rounds * ShareOfSharedRounds / OfRounds;
        var result = await campaign.RunAsync(shards: 1, first: 1, options.Rounds - shared, cancellationToken).ConfigureAwait(false);
        if (shared > 0 && result.Violations.Count == 0)
        {
            var more = await campaign.RunAsync(Shards, options.Rounds - shared + 1, shared, cancellationToken).ConfigureAwait(false);
            result = new PublisherCrashResult([.. result.Rounds, .. more.Rounds], result.Totals + more.Totals, more.Violations, null);
        }

        await sandbox.StopAsync(StopDeadline).ConfigureAwait(false);
        return result;
    }

    private static JsonObject Lag(PublisherCrashOptions options)
    {
        var longest = (int)options.ListingLag.TotalMilliseconds;
        return new JsonObject
        {
            ["service"] = "s3",
            ["listingLag"] = string.Create(CultureInfo.InvariantCulture, $"{longest / 2}ms..{longest}ms"),
            ["seed"] = options.Seed,
        };
    }
}
