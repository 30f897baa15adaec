using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Hybrid.Pipeline.Hosting;
using Hybrid.Pipeline.Kafka;
using Hybrid.Pipeline.Progress;

namespace Hybrid.Publisher.Progress;

/// <summary>Reads a source's progress back from the compacted topic of watermarks.</summary>
internal sealed class ProgressStore(KafkaClients kafka)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan s_poll = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// Reads the last committed progress of every shard of a source, by key. The caller has initialised its transactional producer before,
    /// so that no transaction of a predecessor is open. Another source's may be, and hides what lies behind it: so this waits until
    /// everything that was written when it began can be read.
    /// </summary>
    /// <param name="source">The source's name.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>One record for a source that is not shared, one for each shard that has begun otherwise.</returns>
    /// <exception cref="KafkaException">The cluster does not answer, or another source's transaction stays open.</exception>
    /// <exception cref="HybridException">A record is not a progress.</exception>
    public async Task<Dictionary<string, SourceProgress>> ReadShardsAsync(string source, CancellationToken cancellationToken)
    {
        var found = new Dictionary<string, SourceProgress>(StringComparer.Ordinal);
        var partition = new TopicPartition(kafka.Topics.Watermarks, 0);
        using var admin = kafka.CreateAdmin();
        var begin = await OffsetAsync(admin, partition, OffsetSpec.Earliest()).WaitAsync(cancellationToken).ConfigureAwait(false);
        var end = await OffsetAsync(admin, partition, OffsetSpec.Latest()).WaitAsync(cancellationToken).ConfigureAwait(false);
        if (begin == end)
        {
            return found;
        }

        // An offset by its number is fetched at once; librdkafka looks up "the beginning" half a second later.
        using var consumer = kafka.ConsumerBuilder("publisher-progress", config =>
        {
            config.EnablePartitionEof = true;
            config.FetchWaitMaxMs = 10;
        }).Build();
        consumer.Assign(new TopicPartitionOffset(partition, begin));
        var began = Stopwatch.GetTimestamp();
        var last = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var result = consumer.Consume(s_poll);
            if (result is { IsPartitionEOF: true } && result.Offset >= end)
            {
                break;
            }

            if (result is { IsPartitionEOF: false, Message.Key: not null } && Encoding.UTF8.GetString(result.Message.Key) is var key
                && ProgressKey.IsOf(key, source))
            {
                // A record without a value is how a compacted topic forgets a key.
                if (result.Message.Value is null)
                {
                    last.Remove(key);
                }
                else
                {
                    last[key] = result.Message.Value;
                }
            }

            if (Stopwatch.GetElapsedTime(began) > s_patience)
            {
                throw new KafkaException(new Error(
                    ErrorCode.Local_TimedOut, $"{partition.Topic} cannot be read up to offset {end}: another transaction on it stays open"));
            }
        }

        foreach (var (key, value) in last)
        {
            found.Add(key, Parse(key, value));
        }

        return found;
    }

    /// <summary>The offset that the next record gets.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="KafkaException">The cluster does not answer.</exception>
    public async Task<long> EndAsync(CancellationToken cancellationToken)
    {
        using var admin = kafka.CreateAdmin();
        return await OffsetAsync(admin, new TopicPartition(kafka.Topics.Watermarks, 0), OffsetSpec.Latest()).WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    private static async Task<long> OffsetAsync(IAdminClient admin, TopicPartition partition, OffsetSpec offset)
    {
        var found = await admin.ListOffsetsAsync(
            [new TopicPartitionOffsetSpec { TopicPartition = partition, OffsetSpec = offset }],
            new ListOffsetsOptions { IsolationLevel = IsolationLevel.ReadUncommitted, RequestTimeout = TimeSpan.FromSeconds(10) }).ConfigureAwait(false);
        return found.ResultInfos[0].TopicPartitionOffsetError.Offset.Value;
    }

    /// <summary>Reads a record.</summary>
    /// <exception cref="HybridException">It is not a progress.</exception>
    public SourceProgress Parse(string key, byte[] json)
    {
        try
        {
            return SourceProgress.FromJson(json);
        }
        catch (JsonException broken)
        {
            throw HybridException.Failure(
                $"the progress '{key}' in topic {kafka.Topics.Watermarks} cannot be read ({broken.Message.ReplaceLineEndings(" ")}): use another Source:Name, or write a sound record",
                broken);
        }
    }
}
