using Hybrid.Sandbox.Faults;

namespace Hybrid.Sandbox.Kafka;

/// <summary>How the sandbox's broker is set up. The names in brackets are Kafka's own for the same setting.</summary>
internal sealed record KafkaBrokerOptions
{
    /// <summary>Where everything durable lies; made if it is not there. One broker at a time may have it.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>TCP port on 127.0.0.1; 0 takes a free one.</summary>
    public int Port { get; init; }

    /// <summary>What its requests, connections and writes may meet.</summary>
    public ServiceFaults Faults { get; init; } = new();

    /// <summary>Partitions of a topic made without a number, 1 or more (num.partitions).</summary>
    public int DefaultPartitions { get; init; } = 4;

    /// <summary>Whether asking for the metadata of an unknown topic makes it (auto.create.topics.enable).</summary>
    public bool AutoCreateTopics { get; init; } = true;

    /// <summary>Bytes after which a partition's log starts a new file (log.segment.bytes), unless its topic says otherwise.</summary>
    public int SegmentBytes { get; init; } = 256 * 1024 * 1024;

    /// <summary>Bytes of log between two entries of the sparse index (log.index.interval.bytes).</summary>
    public int IndexIntervalBytes { get; init; } = 16 * 1024;

    /// <summary>Largest record batch in bytes (message.max.bytes), unless its topic says otherwise.</summary>
    public int MaxMessageBytes { get; init; } = 1_048_588;

    /// <summary>Largest request in bytes (socket.request.max.bytes); a longer one closes its connection.</summary>
    public int MaxRequestBytes { get; init; } = 100 * 1024 * 1024;

    /// <summary>Largest request in bytes that is no Produce: the others carry names and numbers only.</summary>
    public int MaxOtherRequestBytes { get; init; } = 8 * 1024 * 1024;

    /// <summary>Connections at a time (max.connections); for one more, the one goes that has done nothing for longest.</summary>
    public int MaxConnections { get; init; } = 1_000;

    /// <summary>
    /// Bytes of requests and responses that all connections hold at most, beside 128 KiB of each (queued.max.request.bytes). For
    /// more, connections go that have done nothing for longest.
    /// </summary>
    public long MaxBufferedBytes { get; init; } = 256 * 1024 * 1024;

    /// <summary>How long the bytes of a request may take from the first to the last; then its connection is closed.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How long a connection may do nothing (connections.max.idle.ms); then it is closed.</summary>
    public TimeSpan MaxIdle { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How often connections are looked for that wait too long.</summary>
    public TimeSpan ConnectionCheckInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Bytes a fetch returns at most (fetch.max.bytes).</summary>
    public int MaxFetchBytes { get; init; } = 55 * 1024 * 1024;

    /// <summary>
    /// When an acknowledged batch is forced to the disk itself. Off (the default, as Kafka's) leaves that to the operating
    /// system: what is acknowledged survives the death of the process, not that of the machine.
    /// </summary>
    public bool FlushEveryBatch { get; init; }

    /// <summary>How often segments to delete or compact and idle groups are looked for (log.retention.check.interval.ms).</summary>
    public TimeSpan RetentionCheckInterval { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Least session timeout a group member may ask for (group.min.session.timeout.ms).</summary>
    public TimeSpan MinSessionTimeout { get; init; } = TimeSpan.FromSeconds(6);

    /// <summary>Greatest session timeout a group member may ask for (group.max.session.timeout.ms).</summary>
    public TimeSpan MaxSessionTimeout { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>How long a group's offsets are kept once it has no members and commits nothing (offsets.retention.minutes).</summary>
    public TimeSpan OffsetRetention { get; init; } = TimeSpan.FromDays(7);

    /// <summary>How long an empty group's first rebalance waits for more members (group.initial.rebalance.delay.ms).</summary>
    public TimeSpan InitialRebalanceDelay { get; init; } = TimeSpan.Zero;

    /// <summary>Greatest transaction timeout a producer may ask for (transaction.max.timeout.ms).</summary>
    public TimeSpan MaxTransactionTimeout { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>
    /// How often transactions past their timeout are looked for
    /// (transaction.abort.timed.out.transaction.cleanup.interval.ms).
    /// </summary>
    public TimeSpan TransactionTimeoutCheckInterval { get; init; } = TimeSpan.FromSeconds(1);
}
