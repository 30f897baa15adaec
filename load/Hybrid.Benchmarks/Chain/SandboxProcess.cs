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
    private StackEndpoints? _endpoints;

    private SandboxProcess(Process process, DirectoryInfo data) => (_process, _data) = (process, data);

    public StackEndpoints Endpoints => _endpoints!;

    /// <summary>The process's peak resident memory so far, bytes.</summary>
    public long PeakMemoryBytes
    {
        get
        {
            _process.Refresh();
            return _process.PeakWorkingSet64;
        }
    }

    /// <summary>The process's resident memory now, bytes.</summary>
    public long MemoryBytes
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    /// <summary>The processor time it used so far, of all cores together.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    public static Task<SandboxProcess> StartAsync(CancellationToken cancellationToken) => StartAsync(Path.GetTempPath(), cancellationToken);

    /// <param name="parent">Gets the data's directory.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<SandboxProcess> StartAsync(string parent, CancellationToken cancellationToken)
    {
        var data = Directory.CreateDirectory(Path.Combine(parent, $"hybrid-bench-{Guid.NewGuid():N}"));
        var sandbox = new SandboxProcess(SelfProcess.Start(["sandbox", "--data", data.FullName]), data);
        try
        {
            sandbox._endpoints = await sandbox.ReachAsync(cancellationToken);
            return sandbox;
        }
        catch
        {
            await sandbox.DisposeAsync();
            throw;
        }
    }

    /// <summary>What its data takes on the disk, bytes.</summary>
    public long DataBytes() => _data.EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length);

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _data.Delete(recursive: true);
    }

    private async Task<StackEndpoints> ReachAsync(CancellationToken cancellationToken)
    {
        var file = Path.Combine(_data.FullName, StackEndpoints.FileName);
        var begun = Stopwatch.StartNew();
        while (!File.Exists(file))
        {
            if (_process.HasExited || begun.Elapsed > StartLimit)
            {
                throw HybridException.Unreachable("the sandbox did not start: run ./hybrid sandbox --data DIR to see why");
            }

            await Task.Delay(50, cancellationToken);
        }

        return JsonSerializer.Deserialize(await File.ReadAllBytesAsync(file, cancellationToken), StackJson.Default.StackEndpoints)!;
    }
}
