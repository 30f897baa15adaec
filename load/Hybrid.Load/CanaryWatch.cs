using System.Collections.Concurrent;
using Hybrid.Pipeline.Solr;

namespace Hybrid.Load;

/// <summary>Looks for all canaries under way with one query at a time, as a reader of the collection.</summary>
internal sealed class CanaryWatch : IAsyncDisposable
{
    private const int IdsInOneQuery = 200;

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);

    private readonly SolrReader _reader;
    private readonly ConcurrentDictionary<string, TaskCompletionSource<DateTimeOffset>> _awaited = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _looking;

    public CanaryWatch(SolrReader reader)
    {
        _reader = reader;
        _looking = Task.Run(LookAsync);
    }

    /// <summary>Returns when a canary was seen.</summary>
    /// <exception cref="TimeoutException">It was not in time.</exception>
    public async Task<DateTimeOffset> SeenAsync(string id, TimeSpan timeout)
    {
        var seen = _awaited.GetOrAdd(id, static _ => new TaskCompletionSource<DateTimeOffset>(TaskCreationOptions.RunContinuationsAsynchronously));
        try
        {
            return await seen.Task.WaitAsync(timeout);
        }
        finally
        {
            _awaited.TryRemove(id, out _);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _looking;
        _stop.Dispose();
    }

    private async Task LookAsync()
    {
        using var timer = new PeriodicTimer(Interval);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token))
            {
                foreach (var ids in _awaited.Keys.Chunk(IdsInOneQuery))
                {
                    await LookForAsync(ids);
                }
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    private async Task LookForAsync(string[] ids)
    {
        try
        {
            foreach (var id in (await _reader.VersionsAsync(ids, _stop.Token)).Keys)
            {
                if (_awaited.TryGetValue(id, out var seen))
                {
                    seen.TrySetResult(DateTimeOffset.UtcNow);
                }
            }
        }
        catch (SolrException)
        {
            // The next look tells; a canary that nobody can see is late.
        }
    }
}
