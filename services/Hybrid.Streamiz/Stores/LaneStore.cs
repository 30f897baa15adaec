using Streamiz.Kafka.Net;
using Streamiz.Kafka.Net.Processors;
using Streamiz.Kafka.Net.State;

namespace Hybrid.Streamiz.Stores;

/// <summary>
/// A task's store: what it keeps of the window, and the hook that Streamiz lacks. Streamiz flushes a task's stores before it commits the
/// task's offsets, on its commit interval, when partitions are revoked and when it stops, and commits nothing when a flush throws; so this
/// store's flush waits for every write in flight.
/// </summary>
/// <param name="entries">What is kept; a store of Streamiz's own, since only those may be registered.</param>
/// <param name="positions">Told when everything is written.</param>
internal sealed class LaneStore(IKeyValueStore<byte[], byte[]> entries, StreamPositions positions) : IStateStore
{
    private int? _partition;

    /// <summary>The writes that the flush waits for.</summary>
    public WritesInFlight Writes { get; } = new();

    /// <summary>What is kept of the window, a <see cref="Windows.WindowJournal"/>.</summary>
    public IKeyValueStore<byte[], byte[]> Entries => entries;

    public string Name => entries.Name;

    public bool Persistent => entries.Persistent;

    public bool IsLocally => entries.IsLocally;

    public bool IsOpen => entries.IsOpen;

    public void Init(ProcessorContext context, IStateStore root)
    {
        entries.Init(context, root);
        _partition = context.Id.Partition;
    }

    public void Flush()
    {
        Writes.Wait();
        entries.Flush();
        if (_partition is { } partition)
        {
            positions.NoteFlushed(partition);
        }
    }

    public void Close()
    {
        if (entries.IsOpen)
        {
            entries.Close();
        }
    }
}
