using Confluent.Kafka;
using Hybrid.Contracts.Lanes;
using Hybrid.Pipeline.Kafka;
using Hybrid.Pipeline.Lanes;
using Hybrid.Streamiz.Stores;
using Microsoft.Extensions.Logging;
using Streamiz.Kafka.Net;
using Streamiz.Kafka.Net.SerDes;

namespace Hybrid.Streamiz;

/// <summary>Streamiz's settings from ours.</summary>
internal static class StreamizSettings
{
    /// <summary>How long a transaction may be open: longer than Solr is usually away, since a commit waits for Solr.</summary>
    private static readonly TimeSpan TransactionTimeout = TimeSpan.FromSeconds(20);

    public static StreamConfig Create(KafkaOptions kafka, LaneOptions lane, StreamizOptions options, ILoggerFactory loggers)
    {
        var application = kafka.TopicPrefix + LaneNames.Streamiz;
        return new StreamConfig<ByteArraySerDes, ByteArraySerDes>(null, loggers)
        {
            ApplicationId = application,
            BootstrapServers = kafka.BootstrapServers,
            AutoOffsetReset = AutoOffsetReset.Earliest,
            NumStreamThreads = options.Threads,
            PollMs = (long)options.PollInterval.TotalMilliseconds,
            MaxPollRecords = options.MaxPollRecords,
            StateDir = options.StateDirectory ?? Path.Combine(Path.GetTempPath(), "hybrid-streamiz"),
            IsolationLevel = IsolationLevel.ReadCommitted,
            ReplicationFactor = kafka.ReplicationFactor,
            OffsetCheckpointManager = new CheckpointFiles(),

            // Else a retried changelog write could land after a later one of the same entry.
            EnableIdempotence = true,

            // A killed instance's transaction ends with this time: until then nobody can restore what it was about to change.
            TransactionTimeoutMs = options.Guarantee == StreamizGuarantee.ExactlyOnce ? (int)TransactionTimeout.TotalMilliseconds : null,

            // The guarantee sets the commit interval and the isolation level, so it stands before the one and after the other.
            Guarantee = options.Guarantee == StreamizGuarantee.ExactlyOnce ? ProcessingGuarantee.EXACTLY_ONCE : ProcessingGuarantee.AT_LEAST_ONCE,
            CommitIntervalMs = (long)lane.CommitInterval.TotalMilliseconds,
        };
    }
}
