using Hybrid.Comparison.Processes;
using Hybrid.Pipeline.Hosting;

namespace Hybrid.Comparison.Crashes.Publishing;

/// <summary>The publishers of one source, each in a process of its own that is killed and started again.</summary>
internal sealed class KilledPublishers(HybridExecutable executable, CrashSource source, string directory) : IAsyncDisposable
{
    private readonly ChildProcess?[] _processes = new ChildProcess?[source.Shards];

    /// <summary>The shards that do not run.</summary>
    public IReadOnlyList<int> Down => [.. Enumerable.Range(0, _processes.Length).Where(shard => _processes[shard] is null)];

    /// <summary>Starts those that do not run.</summary>
    /// <param name="end">Where they end, event time; null for nowhere.</param>
    public void Start(DateTimeOffset? end)
    {
        for (var shard = 0; shard < _processes.Length; shard++)
        {
            _processes[shard] ??= ChildProcess.Start(
                executable,
                $"publisher {shard}",
                ["publish"],
                source.PublisherEnvironment(shard, end),
                Path.Combine(directory, $"{source.Name}-publisher-{shard}.log"));
        }
    }

    /// <summary>What a publisher that ended unasked said last; null while all run.</summary>
    public string? Ended() => _processes.FirstOrDefault(process => process is { Exited.IsCompleted: true }) is { } ended
        ? $"{ended.Name} ended unasked with exit code {ended.Exited.Result}: {ended.LogTail()}"
        : null;

    /// <summary>Ends some at once (SIGKILL).</summary>
    public async Task KillAsync(IEnumerable<int> shards)
    {
        var killed = new List<ChildProcess>();
        foreach (var shard in shards)
        {
            if (_processes[shard] is { } process)
            {
                process.Kill();
                killed.Add(process);
                _processes[shard] = null;
            }
        }

        foreach (var process in killed)
        {
            await process.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Waits until all have ended by themselves.</summary>
    /// <returns>What went wrong, a line each.</returns>
    public async Task<IReadOnlyList<string>> FinishAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        var failures = new List<string>();
        foreach (var process in _processes.OfType<ChildProcess>())
        {
            try
            {
                var code = await process.Exited.WaitAsync(patience, cancellationToken).ConfigureAwait(false);
                if (code != ExitCodes.Done)
                {
                    failures.Add($"{process.Name} ended with exit code {code}: {process.LogTail()}");
                }
            }
            catch (TimeoutException)
            {
                failures.Add($"{process.Name} did not come to its end within {patience.TotalMinutes:0} minutes: {process.LogTail()}");
            }
        }

        return failures;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await KillAsync(Enumerable.Range(0, _processes.Length)).ConfigureAwait(false);
}
