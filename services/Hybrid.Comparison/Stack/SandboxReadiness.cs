using System.Diagnostics;
using System.Text.Json;
using Hybrid.Comparison.Processes;
using Hybrid.Contracts.Stack;
using Hybrid.Pipeline.Hosting;

namespace Hybrid.Comparison.Stack;

/// <summary>Waits for a sandbox that was started as a child.</summary>
internal static class SandboxReadiness
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    /// <summary>Waits until every service answers.</summary>
    /// <param name="sandbox">The process.</param>
    /// <param name="data">Its data directory.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Where the services are.</returns>
    /// <exception cref="HybridException">It ended, or took longer than a minute.</exception>
    public static async Task<StackEndpoints> WaitAsync(ChildProcess sandbox, string data, CancellationToken cancellationToken)
    {
        var file = Path.Combine(data, StackEndpoints.FileName);
        var started = Stopwatch.GetTimestamp();
        while (!File.Exists(file))
        {
            if (sandbox.Exited.IsCompleted)
            {
                throw HybridException.Unreachable(
                    $"the sandbox ended with exit code {await sandbox.Exited.ConfigureAwait(false)} before it was ready: {sandbox.LogTail()}");
            }

            if (Stopwatch.GetElapsedTime(started) > Deadline)
            {
                throw HybridException.Unreachable($"the sandbox was not ready within {Deadline.TotalSeconds:0} s: {sandbox.LogTail()}");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(10), cancellationToken).ConfigureAwait(false);
        }

        var json = await File.ReadAllBytesAsync(file, cancellationToken).ConfigureAwait(false);
        return JsonSerializer.Deserialize(json, StackJson.Default.StackEndpoints)
            ?? throw HybridException.Unreachable($"{file} holds no addresses: {sandbox.LogTail()}");
    }
}
