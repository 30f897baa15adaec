using System.Diagnostics;
using Confluent.Kafka;

namespace Hybrid.Comparison.Crashes.Kafka;

/// <summary>
/// An idempotent producer. One that survives a kill resends what was in flight, which the restarted broker has to recognise: every record
/// is there once. Small segments, so that kills also fall on the change from one to the next.
/// </summary>
internal sealed class RecordWorkload(CrashClients clients, CompressionType compression) : ICrashWorkload
{
    private const int Partitions = 3;
    private const int LargestBurst = 40;
    private const int LongestPause = 6;

    private readonly string _topic = $"crash-records-{compression}".ToLowerInvariant();
    private readonly RecordLedger[] _ledgers = [.. Enumerable.Range(0, Partitions).Select(partition => new RecordLedger(partition))];
    private readonly Lock _lock = new();
    private IProducer<byte[], byte[]>? _producer;
    private long _sent;
    private int _inFlight;

    public string Name => "records";

    public long Acknowledged => _ledgers.Sum(ledger => ledger.Acknowledged);

    public Task PrepareAsync(CancellationToken cancellationToken) =>
        clients.CreateTopicAsync(_topic, Partitions, ("segment.bytes", "200000"), ("index.interval.bytes", "4096"));

    public async Task RunAsync(LoadRound round, Violations violations)
    {
        var choices = round.Choices(_topic.Length);
        var producer = _producer ??= clients.CreateProducer(config => config.CompressionType = compression);
        while (!round.IsOver)
        {
            for (var count = choices.Next(1, LargestBurst); count > 0; count--)
            {
                Send(producer, choices, round, violations);
            }

            await round.PauseAsync(choices.Next(LongestPause)).ConfigureAwait(false);
        }

        if (round.ClientsSurvive)
        {
            await DrainAsync(round, violations).ConfigureAwait(false);
        }
        else
        {
            await DisposeAsync().ConfigureAwait(false);
        }
    }

    public Task CheckAsync(Violations violations, CancellationToken cancellationToken)
    {
        foreach (var ledger in _ledgers)
        {
            ledger.BeginReading();
        }

        foreach (var record in clients.ReadAll(_topic, Partitions, cancellationToken))
        {
            Report(violations, _ledgers[record.Partition.Value].Read(record.Offset.Value, record.Message.Value, _sent));
        }

        foreach (var ledger in _ledgers)
        {
            Report(violations, ledger.EndReading());
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

    private void Send(IProducer<byte[], byte[]> producer, Random choices, LoadRound round, Violations violations)
    {
        var number = _sent++;
        var length = choices.Next(20) == 0 ? choices.Next(20_000) : choices.Next(400);
        var target = new TopicPartition(_topic, (int)(number % Partitions));
        Interlocked.Increment(ref _inFlight);
        producer.Produce(target, new Message<byte[], byte[]> { Value = RecordLedger.ValueOf(number, length) }, report =>
        {
            Interlocked.Decrement(ref _inFlight);
            if (!report.Error.IsError)
            {
                lock (_lock)
                {
                    _ledgers[report.Partition.Value].Acknowledge(report.Offset.Value, number);
                }
            }
            else if (round.ClientsSurvive)
            {
                violations.Add(Name, $"a producer that outlived the kill was refused record {number}: {report.Error.Reason}");
            }
        });
    }

    private async Task DrainAsync(LoadRound round, Violations violations)
    {
        var started = Stopwatch.GetTimestamp();
        while (Volatile.Read(ref _inFlight) > 0 && round.ClientsSurvive)
        {
            if (Stopwatch.GetElapsedTime(started) > LoadRound.Patience)
            {
                violations.Add(Name, $"a producer that outlived the kill still waits for {_inFlight} records after {LoadRound.Patience.TotalSeconds:0} s");
                await DisposeAsync().ConfigureAwait(false);
                return;
            }

            await Task.Delay(5).ConfigureAwait(false);
        }
    }

    private void Report(Violations violations, string? wrong)
    {
        if (wrong is not null)
        {
            violations.Add(Name, $"{_topic}: {wrong}");
        }
    }
}
