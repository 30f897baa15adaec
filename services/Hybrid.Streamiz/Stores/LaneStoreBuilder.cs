using Hybrid.Pipeline.Lanes;
using Hybrid.Pipeline.Windows;
using Streamiz.Kafka.Net;
using Streamiz.Kafka.Net.Processors;
using Streamiz.Kafka.Net.SerDes;
using Streamiz.Kafka.Net.State;
using Streamiz.Kafka.Net.Table;
using StateStores = Streamiz.Kafka.Net.State.Stores;

namespace Hybrid.Streamiz.Stores;

/// <summary>Makes one store a task: with a changelog topic when there is a window to keep, and empty and in memory when there is none.</summary>
internal sealed class LaneStoreBuilder(WindowOptions window, StreamizStateStore kind, StreamPositions positions, OpenStores open) : IStoreBuilder
{
    /// <summary>The store's name, which its changelog topic carries: <c>[application]-window-changelog</c>.</summary>
    public const string StoreName = "window";

    public bool IsWindowStore => false;

    public long RetentionMs => -1;

    public IDictionary<string, string> LogConfig { get; } = new Dictionary<string, string>();

    public bool LoggingEnabled => window.IsOn;

    public string Name => StoreName;

    public CacheSize? CacheSize => null;

    public IStateStore Build(IStreamConfig config)
    {
        var supplier = window.IsOn && kind == StreamizStateStore.RocksDb
            ? StateStores.PersistentKeyValueStore(StoreName)
            : StateStores.InMemoryKeyValueStore(StoreName);
        var builder = StateStores.KeyValueStoreBuilder(supplier, new ByteArraySerDes(), new ByteArraySerDes());
        var store = new LaneStore((window.IsOn ? builder : builder.WithLoggingDisabled()).Build(config), positions);
        open.Add(store);
        return store;
    }
}
