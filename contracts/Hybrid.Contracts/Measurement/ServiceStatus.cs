using System.Text.Json.Serialization;

namespace Hybrid.Contracts.Measurement;

/// <summary>What a service says of itself, written to its status file about once a second and when it stops. Counters never go back.</summary>
public sealed record ServiceStatus
{
    /// <summary>Which service: <c>publisher</c> or a lane's name.</summary>
    public required string Service { get; init; }

    /// <summary>The process that wrote it.</summary>
    public required int ProcessId { get; init; }

    /// <summary>When the process started, wall time UTC.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When this was written, wall time UTC.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>Where the service is in its life.</summary>
    public required ServiceState State { get; init; }

    /// <summary>Processor time used by the process so far, in core-seconds.</summary>
    public required double CpuSeconds { get; init; }

    /// <summary>The highest resident memory so far, in bytes.</summary>
    public required long PeakMemoryBytes { get; init; }

    /// <summary>Resident memory when this was written, in bytes.</summary>
    public long? MemoryBytes { get; init; }

    /// <summary>What the last garbage collection left in use of the managed heap, in bytes; null before the first.</summary>
    public long? ManagedHeapBytes { get; init; }

    /// <summary>What the managed heap has of the operating system, used or not, at the last garbage collection, in bytes; null before the first.</summary>
    public long? ManagedCommittedBytes { get; init; }

    /// <summary>Counters since the start, by instrument name (see <c>docs/measuring.md</c>).</summary>
    public required SortedDictionary<string, long> Counters { get; init; }

    /// <summary>Last values, by instrument name.</summary>
    public required SortedDictionary<string, double> Gauges { get; init; }

    /// <summary>Histograms since the start, by instrument name, in seconds.</summary>
    public required SortedDictionary<string, HistogramSnapshot> Histograms { get; init; }
}

/// <summary>Where a service is in its life.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ServiceState>))]
public enum ServiceState
{
    /// <summary>Not yet working.</summary>
    Starting,

    /// <summary>Working.</summary>
    Running,

    /// <summary>Asked to stop; finishing what is in flight.</summary>
    Draining,

    /// <summary>Stopped as asked, everything in flight committed.</summary>
    Stopped,

    /// <summary>Stopped by an error.</summary>
    Failed,
}
