using System.Buffers.Binary;
using System.Diagnostics;
using System.Text;
using Confluent.Kafka;

namespace Hybrid.Comparison.Crashes.Kafka;

/// <summary>A compacted topic whose cleaner is always at work: the last value of every key stays, whatever moment the kill comes at.</summary>
internal sealed class CompactedWorkload(CrashClients clients) : ICrashWorkload
{
    private const string Topic = "crash-compacted";
    private const int Partitions = 2;
    private const int Keys = 150;

    // A reader has to come to the end within it, or it may see a value and not the tombstone that came and went meanwhile.
    private const string DeleteRetention = "60000";
    private const int LargestBurst = 40;
    private const int LongestPause = 6;
    private const int KeyWriter = 101;

    private readonly Dictionary<string, CompactedLedger> _ledgers =
        Enumerable.Range(0, Keys).ToDictionary(key => $"key-{key}", _ => new CompactedLedger(), StringComparer.Ordinal);

    private readonly Lock _lock = new();
    private IProducer<byte[], byte[]>? _producer;
    private long _sent;
    private long _acknowledged;
    private int _inFlight;

    public string Name => "compacted records";

    public long Acknowledged => Interlocked.Read(ref _acknowledged);

    public Task PrepareAsync(CancellationToken cancellationToken) => clients.CreateTopicAsync(
        Topic,
        Partitions,
        ("cleanup.policy", "compact"),
        ("segment.bytes", "40000"),
        ("min.cleanable.dirty.ratio", "0.2"),
        ("delete.retention.ms", DeleteRetention));

    public async Task RunAsync(LoadRound round, Violations violations)
    {
        var choices = round.Choices(KeyWriter);
        var producer = _producer ??= clients.CreateProducer();
        while (!round.IsOver)
        {
            for (var count = choices.Next(1, LargestBurst); count > 0; count--)
            {
                Send(producer, choices);
            }

            await round.PauseAsync(choices.Next(LongestPause)).ConfigureAwait(false);
        }

        var killed = Stopwatch.GetTimestamp();
        while (round.ClientsSurvive && Volatile.Read(ref _inFlight) > 0 && Stopwatch.GetElapsedTime(killed) < LoadRound.Patience)
        {
            await Task.Delay(5).ConfigureAwait(false);
        }

        if (!round.ClientsSurvive)
        {
            await DisposeAsync().ConfigureAwait(false);
        }
    }

    public Task CheckAsync(Violations violations, CancellationToken cancellationToken)
    {
        var last = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var record in clients.ReadAll(Topic, Partitions, cancellationToken))
        {
            last[Encoding.UTF8.GetString(record.Message.Key)] = NumberOf(record, violations);
        }

        lock (_lock)
        {
            foreach (var (key, ledger) in _ledgers)
            {
                if (ledger.Check(last.TryGetValue(key, out var number) ? number : null) is { } wrong)
                {
                    violations.Add(Name, $"{key} {wrong}");
                }
            }
        }

        return Task.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        _producer?.Dispose();
        _producer = null;
        _inFlight = 0;
        return ValueTask.CompletedTask;
    }

    /// <summary>The number of a value is in it; a tombstone's is in a header.</summary>
    private long NumberOf(ConsumeResult<byte[], byte[]> record, Violations violations)
    {
        var number = BinaryPrimitives.ReadInt64BigEndian(record.Message.Headers.GetLastBytes("number"));
        if (record.Message.Value is { } value && (value.Length < RecordLedger.HeaderLength || !Payload.Matches(value.AsSpan(RecordLedger.HeaderLength), number)))
        {
            violations.Add(Name, $"the bytes at {record.TopicPartitionOffset} are not those that were sent");
        }

        return number;
    }

    private void Send(IProducer<byte[], byte[]> producer, Random choices)
    {
        var number = _sent++;
        var key = $"key-{choices.Next(Keys)}";
        var tombstone = choices.Next(10) == 0;
        lock (_lock)
        {
            _ledgers[key].Send(number, tombstone);
        }

        var header = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(header, number);
        var message = new Message<byte[], byte[]>
        {
            Key = Encoding.UTF8.GetBytes(key),
            Value = tombstone ? null! : RecordLedger.ValueOf(number, choices.Next(300)),
            Headers = new Headers { { "number", header } },
        };
        Interlocked.Increment(ref _inFlight);
        producer.Produce(new TopicPartition(Topic, PartitionOf(key)), message, report =>
        {
            Interlocked.Decrement(ref _inFlight);
            if (!report.Error.IsError)
            {
                Interlocked.Increment(ref _acknowledged);
                lock (_lock)
                {
                    _ledgers[key].Acknowledge(number);
                }
            }
        });
    }

    private static int PartitionOf(string key) => key[^1] % Partitions;
}
