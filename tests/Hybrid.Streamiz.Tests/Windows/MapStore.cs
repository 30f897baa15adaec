using Streamiz.Kafka.Net;
using Streamiz.Kafka.Net.Processors;
using Streamiz.Kafka.Net.State;
using Streamiz.Kafka.Net.State.Enumerator;

namespace Hybrid.Streamiz.Tests.Windows;

/// <summary>A store outside any task: a map that lives on when its task does not.</summary>
internal sealed class MapStore : IKeyValueStore<byte[], byte[]>
{
    private readonly Dictionary<string, byte[]> _map = [];

    public string Name => "map";

    public bool Persistent => false;

    public bool IsLocally => true;

    public bool IsOpen => true;

    public int Count => _map.Count;

    public void Init(ProcessorContext context, IStateStore root)
    {
    }

    public void Flush()
    {
    }

    public void Close()
    {
    }

    public byte[] Get(byte[] key) => _map.GetValueOrDefault(Convert.ToHexString(key))!;

    public void Put(byte[] key, byte[] value) => _map[Convert.ToHexString(key)] = value;

    public byte[] PutIfAbsent(byte[] key, byte[] value) => throw new NotSupportedException();

    public void PutAll(IEnumerable<KeyValuePair<byte[], byte[]>> entries) => throw new NotSupportedException();

    public byte[] Delete(byte[] key) => _map.Remove(Convert.ToHexString(key), out var value) ? value : null!;

    public IKeyValueEnumerator<byte[], byte[]> Range(byte[] from, byte[] to) => throw new NotSupportedException();

    public IKeyValueEnumerator<byte[], byte[]> ReverseRange(byte[] from, byte[] to) => throw new NotSupportedException();

    public IEnumerable<KeyValuePair<byte[], byte[]>> All() => throw new NotSupportedException();

    public IEnumerable<KeyValuePair<byte[], byte[]>> ReverseAll() => throw new NotSupportedException();

    public long ApproximateNumEntries() => _map.Count;
}
