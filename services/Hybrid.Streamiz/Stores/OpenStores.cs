using System.Collections.Concurrent;

namespace Hybrid.Streamiz.Stores;

/// <summary>
/// The stores of a lane. Streamiz leaves a task's store open when the task's last flush throws, and with it RocksDB's lock on the directory.
/// </summary>
internal sealed class OpenStores : IDisposable
{
    private readonly ConcurrentBag<LaneStore> _stores = [];

    public void Add(LaneStore store) => _stores.Add(store);

    /// <summary>Closes what is still open; no task runs any more.</summary>
    public void Dispose()
    {
        foreach (var store in _stores)
        {
            store.Close();
        }
    }
}
