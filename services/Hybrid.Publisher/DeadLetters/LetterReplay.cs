using Confluent.Kafka;
using Hybrid.Contracts.Topics;
using Hybrid.Pipeline.DeadLetters;
using Hybrid.Pipeline.Hosting;
using Hybrid.Pipeline.Kafka;
using Hybrid.Pipeline.Lines;
using Hybrid.Publisher.Publishing;

namespace Hybrid.Publisher.DeadLetters;

/// <summary>What a replay did, or with a dry run would do.</summary>
public sealed record ReplayOutcome
{
    private const int Examples = 10;

    private readonly SortedDictionary<string, int> _dead = new(StringComparer.Ordinal);
    private readonly List<string> _examples = [];

    /// <summary>Letters that the filter meant.</summary>
    public int Letters { get; internal set; }

    /// <summary>Letters that had been published again before.</summary>
    public int AlreadyReplayed { get; internal set; }

    /// <summary>Records published.</summary>
    public int Published { get; internal set; }

    /// <summary>Letters that stay dead, by the class of their error now.</summary>
    public IReadOnlyDictionary<string, int> StillDead => _dead;

    /// <summary>The first of them, a line each.</summary>
    public IReadOnlyList<string> StillDeadExamples => _examples;

    internal void Keep(StoredLetter letter, LineError error)
    {
        _dead[error.Class] = _dead.GetValueOrDefault(error.Class) + 1;
        if (_examples.Count < Examples)
        {
            _examples.Add($"{letter.Position} {error.Class}: {error.Message}");
        }
    }
}

/// <summary>
/// Publishes dead letters again. Each record is in one transaction with its entry in the ledger of replays, so a letter becomes a record once,
/// however often it is replayed and wherever a replay is killed; the transactional id lets one replay run at a time.
/// </summary>
internal sealed class LetterReplay(KafkaClients kafka, ReplayRecords records, TimeProvider clock)
{
    private const string TransactionalId = "hybrid-dlq-replay";
    private const int LettersAtOnce = 500;

    private static readonly TimeSpan TransactionTimeout = TimeSpan.FromMinutes(1);

    /// <summary>Replays.</summary>
    /// <param name="letters">Reads the letters, once it is called, as the ledger knows them then.</param>
    /// <param name="corrections">The operator's bytes.</param>
    /// <param name="progress">Is told how many letters are done.</param>
    /// <param name="cancellationToken">Stops between two transactions; what was committed stays.</param>
    /// <exception cref="HybridException">Another replay took over, or the cluster cannot be reached.</exception>
    public async Task<ReplayOutcome> RunAsync(
        Func<IEnumerable<StoredLetter>> letters,
        IReadOnlyDictionary<LetterPosition, byte[]> corrections,
        IProgress<int> progress,
        CancellationToken cancellationToken)
    {
        var outcome = new ReplayOutcome();
        try
        {
            using var producer = await Task.Run(
                () => TransactionalProducer.Open(kafka, TransactionalId, TransactionTimeout, cancellationToken), cancellationToken).ConfigureAwait(false);
            foreach (var chunk in letters().Chunk(LettersAtOnce))
            {
                cancellationToken.ThrowIfCancellationRequested();
                await PublishAsync(producer, chunk, corrections, outcome, cancellationToken).ConfigureAwait(false);
                progress.Report(outcome.Letters);
            }

            return outcome;
        }
        catch (KafkaException fenced) when (fenced.Error.Code is ErrorCode.ProducerFenced or ErrorCode.InvalidProducerEpoch or ErrorCode.Local_Fenced)
        {
            throw HybridException.Failure($"another replay began and took over after {outcome.Published} records of this one: let it end, then replay again; nothing is published twice", fenced);
        }
        catch (KafkaException failure)
        {
            throw HybridException.Unreachable($"Kafka does not take the records ({failure.Error.Reason}): {outcome.Published} were published; replay again, nothing is published twice", failure);
        }
    }

    /// <summary>Says what a replay would do.</summary>
    public async Task<ReplayOutcome> TryAsync(
        IEnumerable<StoredLetter> letters, IReadOnlyDictionary<LetterPosition, byte[]> corrections, CancellationToken cancellationToken)
    {
        var outcome = new ReplayOutcome();
        foreach (var letter in letters)
        {
            if (await RecordAsync(letter, corrections, outcome, cancellationToken).ConfigureAwait(false) is not null)
            {
                outcome.Published++;
            }
        }

        return outcome;
    }

    private async Task PublishAsync(
        TransactionalProducer producer,
        StoredLetter[] letters,
        IReadOnlyDictionary<LetterPosition, byte[]> corrections,
        ReplayOutcome outcome,
        CancellationToken cancellationToken)
    {
        var deltas = new TopicPartition(kafka.Topics.Deltas, Partition.Any);
        var ledger = new TopicPartition(kafka.Topics.Replays, 0);
        var published = 0;
        producer.Begin();
        try
        {
            foreach (var letter in letters)
            {
                if (await RecordAsync(letter, corrections, outcome, cancellationToken).ConfigureAwait(false) is not { } record)
                {
                    continue;
                }

                if (!await producer.SendAsync(deltas, record.Message!, cancellationToken).ConfigureAwait(false))
                {
                    outcome.Keep(letter, new LineError(ErrorClasses.RecordTooLarge, "the record is larger than Kafka's message.max.bytes"));
                    continue;
                }

                var entry = new ReplayEntry(clock.GetUtcNow(), letter.Written, record.DocumentId, corrections.ContainsKey(letter.Position));
                await producer.SendAsync(ledger, ReplayLedger.ToMessage(letter.Position, entry), cancellationToken).ConfigureAwait(false);
                published++;
            }

            producer.Commit(CancellationToken.None);
            outcome.Published += published;
        }
        catch
        {
            producer.Abort();
            throw;
        }
    }

    private async ValueTask<ReplayRecord?> RecordAsync(
        StoredLetter letter, IReadOnlyDictionary<LetterPosition, byte[]> corrections, ReplayOutcome outcome, CancellationToken cancellationToken)
    {
        outcome.Letters++;
        if (letter.Replayed is not null)
        {
            outcome.AlreadyReplayed++;
            return null;
        }

        var record = await records.CreateAsync(letter, corrections.GetValueOrDefault(letter.Position), cancellationToken).ConfigureAwait(false);
        if (record.Error is { } error)
        {
            outcome.Keep(letter, error);
            return null;
        }

        return record;
    }
}
