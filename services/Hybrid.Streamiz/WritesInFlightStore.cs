using Streamiz.Kafka.Net;
using Streamiz.Kafka.Net.Processors;
using Streamiz.Kafka.Net.State;
using Streamiz.Kafka.Net.State.InMemory;
using Streamiz.Kafka.Net.Table;

namespace Hybrid.Streamiz;

/// <summary>
/// The hook that Streamiz lacks: it flushes a task's state stores before it commits the task's offsets, on its commit interval, when
/// partitions are revoked and when it stops, and commits nothing when a flush throws. This store holds no state; its flush waits for
/// every write in flight. Registration goes through an empty in-memory store, since only Streamiz's own stores may call it.
/// </summary>
internal sealed class WritesInFlightStore(string name, StreamPositions positions) : IStateStore
{
    private readonly InMemoryKeyValueStore _registration = new(name);
    private int? _partition;

    public WritesInFlight Writes { get; } = new();

    public string Name => name;

    public bool Persistent => false;

    public bool IsLocally => false;

    public bool IsOpen { get; private set; }

    public void Init(ProcessorContext context, IStateStore root)
    {
        _registration.Init(context, root);
        _partition = context.Id.Partition;
        IsOpen = true;
    }

    public void Flush()
    {
        Writes.Wait();
        if (_partition is { } partition)
        {
            positions.NoteFlushed(partition);
        }
    }

    public void Close()
    {
        _registration.Close();
        IsOpen = false;
    }
}

/// <summary>Makes one store a task, without changelog and without cache.</summary>
internal sealed class WritesInFlightStoreBuilder(string name, StreamPositions positions) : IStoreBuilder
{
    public bool IsWindowStore => false;

    public long RetentionMs => -1;

    public IDictionary<string, string> LogConfig { get; } = new Dictionary<string, string>();

    public bool LoggingEnabled => false;

    public string Name => name;

    public CacheSize? CacheSize => null;

    public IStateStore Build() => new WritesInFlightStore(name, positions);
}
