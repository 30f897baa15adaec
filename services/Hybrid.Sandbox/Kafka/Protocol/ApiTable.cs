using System.Collections.Frozen;

namespace Hybrid.Sandbox.Kafka.Protocol;

/// <summary>The APIs by key, and how often each was called.</summary>
internal sealed class ApiTable
{
    private readonly IApi?[] _apis;
    private readonly long[] _counts;

    public ApiTable(IEnumerable<IApi> apis)
    {
        var sorted = apis.OrderBy(api => api.Versions.Key).ToArray();
        Ranges = Array.ConvertAll(sorted, api => api.Versions);
        _apis = new IApi?[(int)Ranges[^1].Key + 1];
        _counts = new long[_apis.Length];
        foreach (var api in sorted)
        {
            _apis[(int)api.Versions.Key] = api;
        }
    }

    /// <summary>In the order of the keys, as clients search them.</summary>
    public IReadOnlyList<ApiVersionRange> Ranges { get; }

    public IApi? Find(short key) => (uint)key < (uint)_apis.Length ? _apis[key] : null;

    public void Count(ApiKey key) => Interlocked.Increment(ref _counts[(int)key]);

    public IReadOnlyDictionary<string, long> Counts() =>
        Ranges.ToFrozenDictionary(range => range.Key.ToString(), range => Volatile.Read(ref _counts[(int)range.Key]));
}
