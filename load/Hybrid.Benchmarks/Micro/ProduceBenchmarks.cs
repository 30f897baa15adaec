using System.Buffers;
using BenchmarkDotNet.Attributes;
using Confluent.Kafka;
using Hybrid.Benchmarks.Chain;
using Hybrid.Contracts.Topics;
using Hybrid.Pipeline.Avro;
using Hybrid.Pipeline.Kafka;
using Hybrid.Pipeline.Measurement;
using Hybrid.Publisher.Publishing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hybrid.Benchmarks.Micro;

/// <summary>
/// One record handed to the producer as the publisher does it, in a transaction of a thousand, to a sandbox in a process of its own.
/// The baseline is the client called as its documentation does, with a message, key, value and headers of its own for each record.
/// </summary>
public class ProduceBenchmarks
{
    private const int Records = 1_000;

    private readonly EncodedLines _batch = new();
    private readonly ExactArrays _keys = new();
    private readonly ExactArrays _values = new();
    private readonly Message<byte[], byte[]> _message = new() { Headers = TwoHeaders() };
    private readonly HybridMetrics _metrics = new();
    private SandboxProcess _sandbox = null!;
    private TopicPartition _to = null!;
    private TransactionalProducer _producer = null!;
    private IProducer<byte[], byte[]> _plain = null!;

    /// <summary>Starts the sandbox and encodes the records.</summary>
    [GlobalSetup]
    public void Setup() => SetupAsync().GetAwaiter().GetResult();

    /// <summary>Stops it.</summary>
    [GlobalCleanup]
    public void Cleanup()
    {
        _producer.Dispose();
        _plain.Dispose();
        _metrics.Dispose();
        _sandbox.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }

    private async Task SetupAsync()
    {
        _sandbox = await SandboxProcess.StartAsync(default);
        var kafka = new KafkaClients(new KafkaOptions { BootstrapServers = _sandbox.Endpoints.KafkaBootstrapServers! }, _metrics, NullLoggerFactory.Instance);
        await kafka.EnsureTopicsAsync(default);
        _to = new TopicPartition(kafka.Topics.Deltas, Partition.Any);
        _producer = TransactionalProducer.Open(kafka, "bench", TimeSpan.FromMinutes(5), default);
        _plain = kafka.CreateTransactionalProducer("plain", TransactionalProducer.Tune);
        _plain.InitTransactions(TimeSpan.FromSeconds(10));
        for (var i = 0; !_batch.IsFull; i++)
        {
            var start = _batch.ValueStart;
            _batch.Values.Write(new byte[ConfluentWireFormat.HeaderLength]);
            BuiltinDeltaEncoder.WriteBody(SampleDeltas.Create(i), new AvroBinaryWriter(_batch.Values));
            _batch.Add(new EncodedLine { Number = i + 1, ValueStart = start, ValueLength = _batch.ValueStart - start });
        }
    }

    /// <summary>The baseline.</summary>
    [Benchmark(Baseline = true, OperationsPerInvoke = Records)]
    public void ProducePlainly()
    {
        _plain.BeginTransaction();
        for (var i = 0; i < Records; i++)
        {
            ref readonly var line = ref _batch[i % _batch.Count];
            _plain.Produce(
                _to, new Message<byte[], byte[]> { Key = _batch.KeyOf(line).ToArray(), Value = _batch.ValueOf(line).ToArray(), Headers = TwoHeaders() });
        }

        _plain.CommitTransaction(TimeSpan.FromSeconds(10));
    }

    /// <summary>As the publisher produces.</summary>
    [Benchmark(OperationsPerInvoke = Records)]
    public void Produce()
    {
        _producer.Begin();
        for (var i = 0; i < Records; i++)
        {
            ref readonly var line = ref _batch[i % _batch.Count];
            _message.Key = _keys.Copy(_batch.KeyOf(line));
            _message.Value = _values.Copy(_batch.ValueOf(line));
            var sending = _producer.SendAsync(_to, _message, default);
            if (!sending.IsCompletedSuccessfully)
            {
                sending.AsTask().GetAwaiter().GetResult();
            }
        }

        _producer.Commit(default);
    }

    private static Headers TwoHeaders() => new() { { RecordHeaders.Closed, new byte[8] }, { RecordHeaders.Landed, new byte[8] } };
}
