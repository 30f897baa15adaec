using System.Diagnostics;
using Hybrid.Pipeline.Hosting;
using Hybrid.Pipeline.Measurement;
using Hybrid.Pipeline.ObjectStore;
using Hybrid.Publisher;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Hybrid.EndToEnd.Tests.Publisher;

/// <summary>A publisher that runs in this process as the service runner would run it.</summary>
internal sealed class RunningPublisher : IAsyncDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly ServiceProvider _provider;
    private readonly MetricsRecorder _recorder;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _running;

    public RunningPublisher(IConfiguration configuration, IObjectStore? store, TimeProvider? time = null)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton<HybridMetrics>();
        services.AddSingleton(new EventClock(OptionsRegistration.Bind<ClockOptions>(configuration, ClockOptions.Section), time));
        services.AddPublisher(configuration);
        if (store is not null)
        {
            services.AddSingleton(store);
        }

        _provider = services.BuildServiceProvider();
        _recorder = new MetricsRecorder(_provider.GetRequiredService<HybridMetrics>());
        _running = Task.Run(() => _provider.GetRequiredService<IHybridService>().RunAsync(() => { }, _stopping.Token));
    }

    public long Counter(string name) => _recorder.Counters().GetValueOrDefault(name);

    public double Gauge(string name) => _provider.GetRequiredService<HybridMetrics>().GaugeValues.SingleOrDefault(gauge => gauge.Key == name).Value;

    /// <summary>What readiness says; null when there is nothing in the way.</summary>
    public string? Obstacle => _provider.GetRequiredService<Readiness>().Obstacle;

    public long Samples(string name) => _recorder.Histograms().TryGetValue(name, out var histogram) ? histogram.Count + histogram.Negative : 0;

    public Task EndsAsync() => _running.WaitAsync(Patience);

    public async Task UntilAsync(Func<bool> condition, string what)
    {
        var started = Stopwatch.GetTimestamp();
        while (!condition())
        {
            if (_running.IsFaulted)
            {
                await _running;
            }

            Assert.True(Stopwatch.GetElapsedTime(started) < Patience, $"never: {what}");
            await Task.Delay(10);
        }
    }

    /// <summary>What SIGTERM does.</summary>
    public async Task StopAsync()
    {
        await _stopping.CancelAsync();
        await EndsAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _running.ContinueWith(static _ => { }, TaskScheduler.Default).WaitAsync(Patience);
        _recorder.Dispose();
        await _provider.DisposeAsync();
        _stopping.Dispose();
    }
}
