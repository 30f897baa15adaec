using System.Diagnostics;
using Hybrid.Contracts.Lanes;
using Hybrid.Contracts.Measurement;
using Hybrid.Lanes;
using Hybrid.Pipeline.Hosting;
using Hybrid.Pipeline.Measurement;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Hybrid.EndToEnd.Tests.Lanes;

/// <summary>A lane that runs in this process as the service runner would run it.</summary>
internal sealed class RunningLane : IAsyncDisposable
{
    private readonly LoggedEvents _events = new();
    private readonly ServiceProvider _provider;
    private readonly MetricsRecorder _recorder;
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _running;

    public RunningLane(string lane, IConfiguration configuration)
    {
        var services = new ServiceCollection();
        services.AddSingleton<ILoggerFactory>(_events);
        services.AddSingleton<HybridMetrics>();
        services.AddSingleton(new EventClock(OptionsRegistration.Bind<ClockOptions>(configuration, ClockOptions.Section)));
        services.AddSingleton(TimeProvider.System);
        _ = lane switch
        {
            LaneNames.MicroBatch => services.AddMicroBatchLane(configuration),
            LaneNames.Direct => services.AddDirectLane(configuration),
            LaneNames.Batch => services.AddBatchLane(configuration),
            LaneNames.Hybrid => services.AddHybridLane(configuration),
            _ => services.AddStreamingLane(configuration),
        };
        _provider = services.BuildServiceProvider();
        _recorder = new MetricsRecorder(_provider.GetRequiredService<HybridMetrics>());
        _running = _provider.GetRequiredService<IHybridService>().RunAsync(() => _started.TrySetResult(), _stopping.Token);
    }

    public Task Completion => _running;

    /// <summary>Whether the committed offsets have reached the end of the log.</summary>
    public bool HasCaughtUp => Gauge(Instruments.LagRecords) == 0;

    /// <summary>Whether it has logged an event.</summary>
    public bool HasLogged(int eventId) => _events.Count(eventId) > 0;

    public long Counter(string name) => _recorder.Counters().GetValueOrDefault(name);

    public double? Gauge(string name) => _recorder.Gauges().TryGetValue(name, out var value) ? value : null;

    public long Samples(string name) => _recorder.Histograms().TryGetValue(name, out var histogram) ? histogram.Count + histogram.Negative : 0;

    /// <summary>Waits for something that the lane brings about.</summary>
    public async Task UntilAsync(Func<Task<bool>> condition, Func<Task<string>> describe)
    {
        var started = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            if (_running.IsFaulted)
            {
                await _running;
            }

            Assert.True(Stopwatch.GetElapsedTime(started) < LaneFixture.Patience, await describe());
            await Task.Delay(20);
        }
    }

    public Task UntilAsync(Func<bool> condition, string what) => UntilAsync(() => Task.FromResult(condition()), () => Task.FromResult($"never: {what}"));

    /// <summary>What SIGTERM does to a lane that works: asks for a drain and waits for its end.</summary>
    public Task StopAsync() => StopAsync(LaneFixture.Patience);

    public async Task StopAsync(TimeSpan deadline)
    {
        await Task.WhenAny(_started.Task, _running);
        await _stopping.CancelAsync();
        await _running.WaitAsync(deadline);
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _running.ContinueWith(static _ => { }, TaskScheduler.Default).WaitAsync(LaneFixture.Patience);
        _recorder.Dispose();
        await _provider.DisposeAsync();
        _stopping.Dispose();
    }
}
