using Hybrid.Contracts.Partitions;
using Hybrid.Pipeline.Avro;
using Hybrid.Pipeline.Formats;
using Hybrid.Pipeline.Hosting;
using Hybrid.Pipeline.Kafka;
using Hybrid.Pipeline.Measurement;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Hybrid.Publisher.DeadLetters;

/// <summary>What an operator does with dead letters: look at them, take them out, publish them again.</summary>
public sealed class DeadLetterTool : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private readonly KafkaClients _kafka;

    /// <summary>Makes the tool; nothing is requested yet.</summary>
    /// <param name="configuration">The sections <c>Kafka</c>, <c>Avro</c> and <c>Source</c>.</param>
    /// <exception cref="HybridException">An option is wrong.</exception>
    public DeadLetterTool(IConfiguration configuration)
    {
        var services = new ServiceCollection();
        services.AddLogging(logging => logging.AddHybridLogging(configuration));
        services.AddSingleton<HybridMetrics>();
        services.AddHybridOptions<SourceOptions>(configuration, SourceOptions.Section);
        services.AddKafka(configuration).AddAvro(configuration);
        _services = services.BuildServiceProvider();
        _kafka = _services.GetRequiredService<KafkaClients>();
    }

    /// <summary>Reads the dead letters that a filter means, in the order of their topic, with what was published again of them.</summary>
    /// <param name="filter">Which ones.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="HybridException">The cluster cannot be reached.</exception>
    public IEnumerable<StoredLetter> Read(LetterFilter filter, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(filter);
        var ledger = ReplayLedger.Read(_kafka, cancellationToken);
        return TopicScan.Read(_kafka, _kafka.Topics.DeadLetters, filter.Since, cancellationToken)
            .Select(record => ledger.Apply(StoredLetter.From(record)))
            .Where(filter.Matches)
            .Take(filter.Limit ?? int.MaxValue);
    }

    /// <summary>Reads one dead letter.</summary>
    /// <param name="position">Where it stands.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="HybridException">There is none, or the cluster cannot be reached.</exception>
    public StoredLetter Read(LetterPosition position, CancellationToken cancellationToken) =>
        Read(new LetterFilter { Positions = new HashSet<LetterPosition> { position } }, cancellationToken).FirstOrDefault()
        ?? throw HybridException.WrongCall($"there is no dead letter at {position} of topic {_kafka.Topics.DeadLetters}: 'hybrid dlq list' shows those that there are");

    /// <summary>Writes dead letters as NDJSON.</summary>
    /// <param name="filter">Which ones.</param>
    /// <param name="output">Where the lines go.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>How many.</returns>
    /// <exception cref="HybridException">The cluster cannot be reached.</exception>
    public int Export(LetterFilter filter, TextWriter output, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(output);
        var count = 0;
        foreach (var letter in Read(filter, cancellationToken))
        {
            output.WriteLine(LetterJson.Of(letter).ToLine());
            count++;
        }

        return count;
    }

    /// <summary>Writes the bytes of dead letters, a file each, into a directory.</summary>
    /// <param name="filter">Which ones.</param>
    /// <param name="directory">The directory; made when it is not there.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>How many.</returns>
    /// <exception cref="HybridException">The cluster cannot be reached.</exception>
    public int ExportRaw(LetterFilter filter, string directory, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(directory);
        var count = 0;
        foreach (var letter in Read(filter, cancellationToken))
        {
            LetterFiles.WriteRaw(directory, letter);
            count++;
        }

        return count;
    }

    /// <summary>Publishes dead letters again.</summary>
    /// <param name="filter">Which ones; with corrections, only those that are corrected.</param>
    /// <param name="corrected">A file or directory with corrected contents, as an export wrote it; null for the original bytes.</param>
    /// <param name="dryRun">Whether to say only what would be done.</param>
    /// <param name="progress">Is told how many letters are done.</param>
    /// <param name="cancellationToken">Stops between two transactions.</param>
    /// <exception cref="HybridException">The corrections or the mapping cannot be read, another replay took over, or a service cannot be reached.</exception>
    public async Task<ReplayOutcome> ReplayAsync(
        LetterFilter filter, string? corrected, bool dryRun, IProgress<int> progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(filter);
        ArgumentNullException.ThrowIfNull(progress);
        var corrections = corrected is null ? [] : LetterFiles.ReadCorrections(corrected);
        if (corrections.Count > 0)
        {
            filter = filter with { Positions = corrections.Keys.Where(position => filter.Positions?.Contains(position) ?? true).ToHashSet() };
        }

        await _kafka.EnsureReachableAsync(cancellationToken).ConfigureAwait(false);
        var encoder = _services.GetRequiredService<IDeltaEncoder>();
        var decoder = _services.GetRequiredService<IDeltaDecoder>();
        await encoder.PrepareAsync(cancellationToken).ConfigureAwait(false);
        await decoder.PrepareAsync(cancellationToken).ConfigureAwait(false);
        var source = _services.GetRequiredService<SourceOptions>();
        var records = new ReplayRecords(encoder, decoder, new LetterParser(FormatSettings.Of(source)), source.CreateLayout());
        var replay = new LetterReplay(_kafka, records, TimeProvider.System);
        if (dryRun)
        {
            return await replay.TryAsync(Read(filter, cancellationToken), corrections, cancellationToken).ConfigureAwait(false);
        }

        await _kafka.EnsureTopicsAsync(cancellationToken).ConfigureAwait(false);
        return await replay.RunAsync(() => Read(filter, cancellationToken), corrections, progress, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
