using System.Diagnostics;
using Hybrid.Comparison.Processes;
using Hybrid.Contracts.Stack;
using Hybrid.Pipeline.Avro;
using Hybrid.Pipeline.Hosting;
using Hybrid.Pipeline.Kafka;
using Hybrid.Pipeline.Measurement;
using Hybrid.Pipeline.ObjectStore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hybrid.Comparison.Crashes.Publishing;

/// <summary>The kills that befall one source: its input goes on arriving, its publishers die and come back, and one consumer watches.</summary>
/// <param name="executable">The program that has the verb <c>publish</c>.</param>
/// <param name="endpoints">The stack.</param>
/// <param name="faults">The stack's faults.</param>
/// <param name="options">How often, and how much listings lag.</param>
/// <param name="directory">Where logs go.</param>
/// <param name="progress">Is told of every kill.</param>
internal sealed class CrashCampaign(
    HybridExecutable executable,
    StackEndpoints endpoints,
    SandboxFaults faults,
    PublisherCrashOptions options,
    string directory,
    IProgress<PublisherCrashRound> progress)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan FinishPatience = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(5);
    private static readonly CrashPhase[] Phases = Enum.GetValues<CrashPhase>();

    /// <summary>Runs the kills, then lets the publishers finish and adds up.</summary>
    /// <param name="shards">How many publishers share the source.</param>
    /// <param name="first">The first round's number.</param>
    /// <param name="rounds">How many kills.</param>
    /// <param name="cancellationToken">Gives up, and ends the publishers.</param>
    /// <exception cref="HybridException">The stack does not answer.</exception>
    public async Task<PublisherCrashResult> RunAsync(int shards, int first, int rounds, CancellationToken cancellationToken)
    {
        var source = new CrashSource(shards, endpoints, options.ListingLag);
        await using var clients = Clients(source);
        var store = clients.GetRequiredService<IObjectStore>();
        var kafka = clients.GetRequiredService<KafkaClients>();
        var decoder = clients.GetRequiredService<IDeltaDecoder>();
        await Task.WhenAll(store.EnsureBucketAsync(cancellationToken), kafka.EnsureTopicsAsync(cancellationToken), decoder.PrepareAsync(cancellationToken))
            .ConfigureAwait(false);

        var ledger = new PublishLedger(shards, source.IsOnTime);
        await using var reader = new CommittedReader(kafka, decoder, ledger, CrashSource.KafkaPartitions);
        await using var publishers = new KilledPublishers(executable, source, directory);
        await using var input = new ArrivingInput(source, store, ledger, Seed(first));
        var killed = await KillAsync(source, publishers, ledger, first, rounds, cancellationToken).ConfigureAwait(false);

        var end = await input.StopAsync().ConfigureAwait(false);
        await publishers.KillAsync(Enumerable.Range(0, shards)).ConfigureAwait(false);
        publishers.Start(end);
        foreach (var failure in await publishers.FinishAsync(FinishPatience, cancellationToken).ConfigureAwait(false))
        {
            ledger.Violate(failure);
        }

        if (await reader.CatchUpAsync(cancellationToken).ConfigureAwait(false) is { } unread)
        {
            ledger.Violate(unread);
        }

        var violations = ledger.Close(end, CrashSource.KafkaPartitions);
        return new PublisherCrashResult(killed, ledger.Totals, violations, null);
    }

    private async Task<List<PublisherCrashRound>> KillAsync(
        CrashSource source, KilledPublishers publishers, PublishLedger ledger, int first, int rounds, CancellationToken cancellationToken)
    {
        var killed = new List<PublisherCrashRound>();
        var phases = new Random(Seed(first));
        var deck = new Queue<CrashPhase>();
        for (var number = first; number < first + rounds; number++)
        {
            if (deck.Count == 0)
            {
                var shuffled = (CrashPhase[])Phases.Clone();
                phases.Shuffle(shuffled);
                deck = new Queue<CrashPhase>(shuffled);
            }

            var aim = CrashAim.Draw(deck.Dequeue(), source, publishers.Down, new Random(Seed(number)));
            var started = Stopwatch.GetTimestamp();
            if (await StrikeAsync(aim, publishers, cancellationToken).ConfigureAwait(false) is { } failure)
            {
                ledger.Violate($"round {number}, aimed at {aim.Phase}: {failure}");
                break;
            }

            var round = new PublisherCrashRound(
                number, aim.Phase, aim.Describe(source.Shards), Stopwatch.GetElapsedTime(started), ledger.Put, ledger.Seen, ledger.IsMidObject);
            killed.Add(round);
            progress.Report(round);
        }

        return killed;
    }

    /// <summary>Starts what does not run, waits until a publisher is at the phase, and kills.</summary>
    /// <returns>What went wrong before that, or null.</returns>
    private async Task<string?> StrikeAsync(CrashAim aim, KilledPublishers publishers, CancellationToken cancellationToken)
    {
        if (aim.Ahead > TimeSpan.Zero)
        {
            publishers.Start(end: null);
            await Task.Delay(aim.Ahead, cancellationToken).ConfigureAwait(false);
        }

        var fault = aim.Fault is null ? null : await faults.AddAsync(aim.Fault, cancellationToken).ConfigureAwait(false);
        publishers.Start(end: null);
        var started = Stopwatch.GetTimestamp();
        while (fault is not null && await faults.HitsAsync(fault, cancellationToken).ConfigureAwait(false) == 0)
        {
            if ((publishers.Ended() ?? (Stopwatch.GetElapsedTime(started) > Patience ? $"no publisher got there within {Patience.TotalMinutes:0} minutes" : null)) is { } failure)
            {
                return failure;
            }

            await Task.Delay(Look, cancellationToken).ConfigureAwait(false);
        }

        await Task.Delay(aim.Delay, cancellationToken).ConfigureAwait(false);
        if (publishers.Ended() is { } ended)
        {
            return ended;
        }

        await publishers.KillAsync(aim.Victims).ConfigureAwait(false);
        if (fault is not null)
        {
            await faults.ClearAsync(fault, cancellationToken).ConfigureAwait(false);
        }

        return null;
    }

    private int Seed(int number) => (int)Payload.Mix(Payload.Mix((ulong)options.Seed) + (ulong)number);

    private static ServiceProvider Clients(CrashSource source)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(source.StackSettings()).Build();
        var services = new ServiceCollection();
        services.AddSingleton<ILoggerFactory>(NullLoggerFactory.Instance);
        services.AddSingleton<HybridMetrics>();
        services.AddKafka(configuration).AddAvro(configuration).AddObjectStore(configuration);
        return services.BuildServiceProvider();
    }
}
