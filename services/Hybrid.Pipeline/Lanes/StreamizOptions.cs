using System.ComponentModel.DataAnnotations;

namespace Hybrid.Pipeline.Lanes;

/// <summary>What only the Streamiz lane has (section <c>Streamiz</c>); here, so that builds without that lane can report and check it.</summary>
public sealed class StreamizOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Streamiz";

    /// <summary>
    /// How long one poll gathers records, 1 ms to 10 s. Streamiz processes nothing until its poll is over, so this is a floor under
    /// freshness: Streamiz's own default of 100 ms makes a micro-batch of it (about 50 ms at the median), and a short one costs a core
    /// some per cent at rest.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:00:10")]
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromMilliseconds(5);

    /// <summary>Records that one poll takes at most.</summary>
    [Range(1, 100_000)]
    public int MaxPollRecords { get; set; } = 500;

    /// <summary>Stream threads; each is a member of the consumer group.</summary>
    [Range(1, 64)]
    public int Threads { get; set; } = 1;

    /// <summary>How offsets are committed.</summary>
    public StreamizGuarantee Guarantee { get; set; } = StreamizGuarantee.AtLeastOnce;

    /// <summary>Where a task keeps the signals of its window.</summary>
    public StreamizStateStore StateStore { get; set; } = StreamizStateStore.RocksDb;

    /// <summary>
    /// Where state stores and their checkpoints live, a directory for each instance; null for <c>hybrid-streamiz</c> below the system's temporary
    /// one. It may be deleted while the lane is stopped: the state is then restored from the changelog.
    /// </summary>
    public string? StateDirectory { get; set; }
}

/// <summary>Where a task keeps the signals of its window. Either way each change is also in a changelog topic.</summary>
public enum StreamizStateStore
{
    /// <summary>In RocksDB, below <see cref="StreamizOptions.StateDirectory"/>: a restart on the same machine reads them from its disk.</summary>
    RocksDb,

    /// <summary>In memory: nothing on the disk and no native library, and every restart restores all of it from the changelog.</summary>
    Memory,
}

/// <summary>How offsets are committed. Either way a version that Solr holds already is dropped, so the index is the same.</summary>
public enum StreamizGuarantee
{
    /// <summary>By the consumer, after the writes they cover: a crash replays what was written since, and costs nothing otherwise.</summary>
    AtLeastOnce,

    /// <summary>
    /// In a Kafka transaction, after the writes they cover. It makes topics that the topology writes atomic with its offsets; Solr takes no
    /// part in it, so for the index it is dearer and no safer.
    /// </summary>
    ExactlyOnce,
}
