using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace Hybrid.Sandbox.Hosting;

/// <summary>Counts requests by operation; safe for concurrent use and free of allocations once an operation has been seen.</summary>
internal sealed class RequestCounters
{
    private readonly ConcurrentDictionary<string, StrongBox<long>> _counts = new(StringComparer.Ordinal);

    public void Increment(string operation) =>
        Interlocked.Increment(ref _counts.GetOrAdd(operation, static _ => new StrongBox<long>()).Value);

    /// <summary>A copy of the counts, sorted by operation.</summary>
    public IReadOnlyDictionary<string, long> Snapshot()
    {
        var snapshot = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach (var (operation, count) in _counts)
        {
            snapshot[operation] = Interlocked.Read(ref count.Value);
        }

        return snapshot;
    }
}
