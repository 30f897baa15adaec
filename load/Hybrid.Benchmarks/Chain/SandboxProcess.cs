using System.Diagnostics;
using System.Text.Json;
using Hybrid.Contracts.Stack;
using Hybrid.Pipeline.Hosting;

namespace Hybrid.Benchmarks.Chain;

/// <summary>The sandbox as a process of its own, in a directory that goes with it.</summary>
internal sealed class SandboxProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(30);

    private readonly Process _process;
    private readonly DirectoryInfo _data;

    private SandboxProcess(Process process, DirectoryInfo data, StackEndpoints endpoints)
    {
        (_process, _data, Endpoints) = (process, data, endpoints);
    }

    public StackEndpoints Endpoints { get; }

    /// <summary>The process's peak resident memory so far, bytes.</summary>
    public long PeakMemoryBytes
    {
        get
        {
            _process.Refresh();
            return _process.PeakWorkingSet64;
        }
    }

    public static async Task<SandboxProcess> StartAsync(CancellationToken cancellationToken)
    {
        var data = Directory.CreateTempSubdirectory("hybrid-bench-");
        var process = SelfProcess.Start(["sandbox", "--data", data.FullName]);
        var file = Path.Combine(data.FullName, StackEndpoints.FileName);
        var begun = Stopwatch.StartNew();
        while (!File.Exists(file))
        {
            if (process.HasExited || begun.Elapsed > StartLimit)
            {
                throw HybridException.Unreachable("the sandbox did not start: run ./hybrid sandbox --data DIR to see why");
            }

            await Task.Delay(50, cancellationToken);
        }

        var endpoints = JsonSerializer.Deserialize(await File.ReadAllBytesAsync(file, cancellationToken), StackJson.Default.StackEndpoints)!;
        return new SandboxProcess(process, data, endpoints);
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _data.Delete(recursive: true);
    }
}
