using Hybrid.Contracts.Measurement;
using Hybrid.Pipeline.Hosting;
using Hybrid.Pipeline.Measurement;
using Hybrid.Pipeline.Solr;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Hybrid.Streamiz.Tests;

/// <summary>The lane within the test's process, made as a service process makes it.</summary>
internal sealed class RunningLane : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly ServiceProvider _provider;
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly MetricsRecorder _recorder;

    private RunningLane(IEnumerable<KeyValuePair<string, string?>> settings)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(configuration);
        services.AddLogging();
        services.AddSingleton<HybridMetrics>();
        services.AddSingleton(new EventClock(new ClockOptions()));
        services.AddSingleton(TimeProvider.System);
        services.AddStreamizLane(configuration);
        _provider = services.BuildServiceProvider();
        _recorder = new MetricsRecorder(_provider.GetRequiredService<HybridMetrics>());
        Completion = _provider.GetRequiredService<IHybridService>().RunAsync(_started.SetResult, _stopping.Token);
    }

    public Task Completion { get; }

    public SolrReader Index => _provider.GetRequiredService<SolrReader>();

    public static async Task<RunningLane> StartAsync(IEnumerable<KeyValuePair<string, string?>> settings)
    {
        var lane = new RunningLane(settings);
        await await Task.WhenAny(lane._started.Task, lane.Completion).WaitAsync(Patience);
        return lane;
    }

    public long Counter(string name) => _recorder.Counters().GetValueOrDefault(name);

    public double? Gauge(string name) => _recorder.Gauges().TryGetValue(name, out var value) ? value : null;

    public long Samples(string name) => _recorder.Histograms().TryGetValue(name, out var histogram) ? histogram.Count + histogram.Negative : 0;

    /// <summary>Returns when the lane says that it has taken so many records and lags none.</summary>
    public Task CaughtUpAsync(long records) => UntilAsync(() => Task.FromResult(
        Counter(Instruments.RecordsConsumed) >= records && Gauge(Instruments.LagRecords) == 0));

    /// <summary>Looks until it is so; the lane must not end meanwhile.</summary>
    public async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!await condition())
        {
            if (Completion.IsCompleted)
            {
                await Completion;
                Assert.Fail("the lane has ended");
            }

            await Task.Delay(10, patience.Token);
        }
    }

    public async Task<Dictionary<string, IndexedDocument>> DocumentsAsync()
    {
        var documents = new Dictionary<string, IndexedDocument>();
        await foreach (var document in Index.ExportAsync(CancellationToken.None))
        {
            documents.Add(document.Id, document);
        }

        return documents;
    }

    public Task DeleteCollectionAsync() => _provider.GetRequiredService<SolrAdmin>().DeleteCollectionAsync(
        _provider.GetRequiredService<SolrOptions>().Collection!, CancellationToken.None);

    public Task StopAsync()
    {
        _stopping.Cancel();
        return Completion.WaitAsync(Patience);
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await Completion.WaitAsync(Patience).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _recorder.Dispose();
        await _provider.DisposeAsync();
        _stopping.Dispose();
    }
}
