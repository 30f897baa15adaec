using System.Buffers.Binary;
using System.Diagnostics;
using Confluent.Kafka;

namespace Hybrid.Comparison.Crashes.Kafka;

/// <summary>
/// A transactional producer over several partitions that also commits a group's offset in some transactions, and aborts some. A kill leaves
/// a transaction open, or half way through its end: its successor, or the same client going on, has to find it decided as a whole.
/// </summary>
internal sealed class TransactionWorkload(CrashClients clients) : ICrashWorkload
{
    private const string Topic = "crash-transactions";
    private const string Group = "crash-transactional";
    private const int Partitions = 3;
    private const int LargestTransaction = 20;
    private const int HeaderLength = 2 * sizeof(int);
    private const int Writer = 102;

    private static readonly TimeSpan CallTimeout = TimeSpan.FromMilliseconds(500);
    private static readonly TopicPartition OffsetPartition = new(Topic, 0);

    private readonly TransactionLedger _ledger = new();
    private IProducer<byte[], byte[]>? _producer;
    private IConsumer<byte[], byte[]>? _member;

    public string Name => "transactions";

    public long Acknowledged => _ledger.Acknowledged;

    public Task PrepareAsync(CancellationToken cancellationToken) =>
        clients.CreateTopicAsync(Topic, Partitions, ("segment.bytes", "100000"));

    public Task RunAsync(LoadRound round, Violations violations)
    {
        var choices = round.Choices(Writer);
        try
        {
            bool IsGivenUp() => round is { IsOver: true, ClientsSurvive: false };
            var producer = Producer(IsGivenUp);
            while (!round.IsOver)
            {
                Transact(producer, choices, IsGivenUp);
            }
        }
        catch (GivenUpException)
        {
            Close();
        }
        catch (KafkaException failure)
        {
            if (round.ClientsSurvive)
            {
                violations.Add(Name, $"a producer that outlived the kill was refused: {failure.Error.Code}: {failure.Message}");
            }

            Close();
        }

        if (!round.ClientsSurvive)
        {
            Close();
        }

        return Task.CompletedTask;
    }

    public Task CheckAsync(Violations violations, CancellationToken cancellationToken)
    {
        // A successor ends what its predecessor left open.
        _ = Producer(() => cancellationToken.IsCancellationRequested);
        _ledger.BeginReading();
        foreach (var record in clients.ReadAll(Topic, Partitions, cancellationToken))
        {
            var value = record.Message.Value.AsSpan();
            var wrong = value.Length < HeaderLength || !Payload.Matches(value[HeaderLength..], BinaryPrimitives.ReadInt64BigEndian(value))
                ? $"the bytes at {record.TopicPartitionOffset} are not those that were sent"
                : _ledger.Read(BinaryPrimitives.ReadInt32BigEndian(value), BinaryPrimitives.ReadInt32BigEndian(value[sizeof(int)..]));
            if (wrong is not null)
            {
                violations.Add(Name, wrong);
            }
        }

        foreach (var wrong in _ledger.EndReading())
        {
            violations.Add(Name, wrong);
        }

        var expected = _ledger.ExpectedOffset();
        var committed = CrashClients.Committed(_member!, OffsetPartition, cancellationToken);
        if (committed != (expected < 0 ? Offset.Unset : expected))
        {
            violations.Add(Name, $"the group stands at {committed}, and the last transaction that moved it to stay was {expected}");
        }

        return Task.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        Close();
        return ValueTask.CompletedTask;
    }

    private void Transact(IProducer<byte[], byte[]> producer, Random choices, Func<bool> isGivenUp)
    {
        var records = choices.Next(1, LargestTransaction + 1);
        var movesOffset = choices.Next(3) == 0;
        var transaction = _ledger.Begin(records, movesOffset);
        producer.BeginTransaction();
        try
        {
            for (var index = 0; index < records; index++)
            {
                producer.Produce(new TopicPartition(Topic, choices.Next(Partitions)), new Message<byte[], byte[]> { Value = ValueOf(transaction, index, choices.Next(200)) });
            }

            if (movesOffset)
            {
                Attempt(isGivenUp, () => producer.SendOffsetsToTransaction(
                    [new TopicPartitionOffset(OffsetPartition, transaction)], _member!.ConsumerGroupMetadata, CallTimeout));
            }

            if (choices.Next(6) > 0)
            {
                Attempt(isGivenUp, () => producer.CommitTransaction(CallTimeout));
                _ledger.End(transaction, TransactionOutcome.Committed);
                return;
            }
        }
        catch (KafkaTxnRequiresAbortException)
        {
            // As its name says.
        }

        Attempt(isGivenUp, () => producer.AbortTransaction(CallTimeout));
        _ledger.End(transaction, TransactionOutcome.Aborted);
    }

    private IProducer<byte[], byte[]> Producer(Func<bool> isGivenUp)
    {
        _member ??= clients.CreateConsumer(Group);
        if (_producer is null)
        {
            _producer = clients.CreateProducer(config => config.TransactionalId = "crash");
            Attempt(isGivenUp, () => _producer.InitTransactions(CallTimeout));
        }

        return _producer;
    }

    /// <summary>Repeats a call for as long as its client lives.</summary>
    private static void Attempt(Func<bool> isGivenUp, Action call)
    {
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                call();
                return;
            }
            catch (KafkaRetriableException) when (Stopwatch.GetElapsedTime(started) < LoadRound.Patience)
            {
                if (isGivenUp())
                {
                    throw new GivenUpException();
                }
            }
        }
    }

    private static byte[] ValueOf(int transaction, int index, int payloadLength)
    {
        var value = new byte[HeaderLength + payloadLength];
        BinaryPrimitives.WriteInt32BigEndian(value, transaction);
        BinaryPrimitives.WriteInt32BigEndian(value.AsSpan(sizeof(int)), index);
        Payload.Fill(value.AsSpan(HeaderLength), BinaryPrimitives.ReadInt64BigEndian(value));
        return value;
    }

    private void Close()
    {
        _producer?.Dispose();
        _producer = null;
        _member?.Dispose();
        _member = null;
    }

    private sealed class GivenUpException : Exception;
}
