using System.Diagnostics;
using Confluent.Kafka;
using Hybrid.Contracts.Topics;
using Hybrid.Pipeline.Avro;
using Hybrid.Pipeline.Hosting;
using Hybrid.Pipeline.Kafka;

namespace Hybrid.Comparison.Accounts;

/// <summary>Counts what a <c>read_committed</c> reader finds in the deltas and dead letter topics. Not for concurrent use.</summary>
internal sealed class TopicAccountant : IAccountant
{
    private static readonly TimeSpan MetadataTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan PollTimeout = TimeSpan.FromMilliseconds(100);

    private readonly IConsumer<byte[], byte[]> _consumer;
    private readonly IDeltaDecoder _decoder;
    private readonly TopicNames _topics;
    private readonly HashSet<TopicPartition> _partitions;
    private readonly HashSet<TopicPartition> _atEnd = [];
    private readonly RecordLedger _ledger = new();

    private TopicAccountant(IConsumer<byte[], byte[]> consumer, IDeltaDecoder decoder, TopicNames topics, HashSet<TopicPartition> partitions)
    {
        _consumer = consumer;
        _decoder = decoder;
        _topics = topics;
        _partitions = partitions;
    }

    /// <summary>What was counted so far.</summary>
    public RecordLedger Ledger => _ledger;

    /// <summary>Begins at the start of both topics.</summary>
    /// <exception cref="HybridException">A topic is not there, or Kafka or the registry cannot be reached.</exception>
    public static async Task<TopicAccountant> OpenAsync(KafkaClients kafka, IDeltaDecoder decoder, CancellationToken cancellationToken)
    {
        await decoder.PrepareAsync(cancellationToken).ConfigureAwait(false);
        var partitions = await Task.Run(() => PartitionsOf(kafka), cancellationToken).ConfigureAwait(false);
        var consumer = kafka.ConsumerBuilder("comparison-accounts", config => config.EnablePartitionEof = true).Build();
        consumer.Assign(partitions.Select(partition => new TopicPartitionOffset(partition, Offset.Beginning)));
        return new TopicAccountant(consumer, decoder, kafka.Topics, partitions);
    }

    /// <summary>Counts on to the end of every partition, or for so long.</summary>
    /// <exception cref="HybridException">Kafka cannot be read.</exception>
    public Task CountAsync(TimeSpan atMost, CancellationToken cancellationToken) => Task.Run(
        async () =>
        {
            var started = Stopwatch.GetTimestamp();
            while ((await TakeAsync(cancellationToken).ConfigureAwait(false) || !_atEnd.SetEquals(_partitions))
                && Stopwatch.GetElapsedTime(started) < atMost)
            {
                cancellationToken.ThrowIfCancellationRequested();
            }
        },
        cancellationToken);

    /// <inheritdoc/>
    public void Dispose()
    {
        _consumer.Close();
        _consumer.Dispose();
    }

    private static HashSet<TopicPartition> PartitionsOf(KafkaClients kafka)
    {
        try
        {
            using var admin = kafka.CreateAdmin();
            return [.. new[] { kafka.Topics.Deltas, kafka.Topics.DeadLetters }
                .SelectMany(topic => admin.GetMetadata(topic, MetadataTimeout).Topics)
                .SelectMany(topic => topic.Partitions.Select(partition => new TopicPartition(topic.Topic, partition.PartitionId)))];
        }
        catch (KafkaException failure)
        {
            throw HybridException.Unreachable($"the topics cannot be counted ({failure.Error.Reason}): is Kafka still there?", failure);
        }
    }

    /// <summary>Takes what comes next; false when nothing came.</summary>
    private async ValueTask<bool> TakeAsync(CancellationToken cancellationToken)
    {
        ConsumeResult<byte[], byte[]>? result;
        try
        {
            result = _consumer.Consume(PollTimeout);
        }
        catch (ConsumeException failure)
        {
            throw HybridException.Unreachable($"the topics cannot be counted ({failure.Error.Reason}): is Kafka still there?", failure);
        }

        if (result is null)
        {
            return false;
        }

        if (result.IsPartitionEOF)
        {
            _atEnd.Add(result.TopicPartition);
            return true;
        }

        _atEnd.Remove(result.TopicPartition);
        await CountAsync(result, cancellationToken).ConfigureAwait(false);
        return true;
    }

    private async ValueTask CountAsync(ConsumeResult<byte[], byte[]> result, CancellationToken cancellationToken)
    {
        if (result.Topic == _topics.DeadLetters)
        {
            _ledger.DeadLetter(ofLane: result.Message.Headers?.TryGetLastBytes(RecordHeaders.DeadLetterLane, out _) == true);
            return;
        }

        if (result.Message.Value is null)
        {
            return;
        }

        try
        {
            var delta = await _decoder.DecodeAsync(result.Message.Value, cancellationToken).ConfigureAwait(false);
            _ledger.Record(delta.DocumentId, delta.Version);
        }
        catch (DeltaFormatException)
        {
            _ledger.Poison();
        }
    }
}
