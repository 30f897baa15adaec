using System.Text.Json;
using Hybrid.Contracts.Stack;
using Hybrid.EndToEnd.Tests.CommandLine;

namespace Hybrid.EndToEnd.Tests.Sandbox;

/// <summary>Waits for a sandbox that was started as a process.</summary>
internal static class SandboxProcess
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    /// <summary>Where its services listen, once all of them do.</summary>
    public static async Task<StackEndpoints> EndpointsAsync(HybridProcess sandbox, string dataDirectory)
    {
        using var limit = new CancellationTokenSource(Limit);
        var file = Path.Combine(dataDirectory, StackEndpoints.FileName);
        while (!sandbox.Output.Contains("sandbox ready", StringComparison.Ordinal) || !File.Exists(file))
        {
            await Task.Delay(20, limit.Token);
        }

        return JsonSerializer.Deserialize(await File.ReadAllBytesAsync(file, limit.Token), StackJson.Default.StackEndpoints)!;
    }
}
