using System.Diagnostics;
using System.Text.Json;
using Hybrid.Contracts.Measurement;
using Hybrid.EndToEnd.Tests.CommandLine;

namespace Hybrid.EndToEnd.Tests.Lanes;

/// <summary>A lane as a process of its own, to be killed.</summary>
internal sealed class LaneProcess : IAsyncDisposable
{
    private readonly HybridProcess _process;
    private readonly string _directory;

    private LaneProcess(HybridProcess process, string directory) => (_process, _directory) = (process, directory);

    public string Errors => _process.Errors;

    private string StatusFile => Path.Combine(_directory, "status.json");

    public static LaneProcess Start(string lane, IReadOnlyDictionary<string, string?> settings)
    {
        var directory = Directory.CreateTempSubdirectory("hybrid-lane-process-").FullName;
        string[] arguments =
        [
            "lane", lane,
            .. settings.SelectMany(setting => new[] { "--set", $"{setting.Key}={setting.Value}" }),
            "--set", $"Measurement:StatusFile={Path.Combine(directory, "status.json")}",
            "--set", "Measurement:Interval=00:00:00.050",
        ];
        return new LaneProcess(HybridProcess.Start(null, arguments), directory);
    }

    /// <summary>How many records it says to have taken.</summary>
    public long Consumed() => Status()?.Counters.GetValueOrDefault(Instruments.RecordsConsumed) ?? 0;

    /// <summary>Whether it says that everything is committed.</summary>
    public bool HasCaughtUp() => Status()?.Gauges.GetValueOrDefault(Instruments.LagRecords, 1) == 0;

    public async Task UntilAsync(Func<Task<bool>> condition, string what)
    {
        var started = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            Assert.True(Stopwatch.GetElapsedTime(started) < LaneFixture.Patience, $"never: {what}; {Errors}");
            await Task.Delay(10);
        }
    }

    /// <summary>SIGKILL.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitAsync();
    }

    /// <summary>SIGTERM, or Ctrl-C: it drains and ends.</summary>
    public async Task<int> StopAsync()
    {
        _process.Interrupt();
        return await _process.WaitAsync();
    }

    public Task<int> WaitAsync() => _process.WaitAsync();

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    private ServiceStatus? Status()
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(StatusFile), StatusJson.Default.ServiceStatus);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }
}
