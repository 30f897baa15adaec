using System.Collections.Concurrent;
using Hybrid.Contracts.Records;
using Hybrid.Pipeline.Measurement;
using Hybrid.Pipeline.Solr;
using Hybrid.Pipeline.Windows;
using Microsoft.Extensions.Logging;

namespace Hybrid.Unit.Tests.Solr;

public sealed class ResilientSolrWriterTests : IDisposable
{
    private readonly HybridMetrics _metrics = new();
    private readonly MetricsRecorder _recorder;
    private readonly FlakyWriter _inner = new();
    private readonly RecordingLogger _log = new();

    public ResilientSolrWriterTests() => _recorder = new MetricsRecorder(_metrics);

    public void Dispose()
    {
        _recorder.Dispose();
        _metrics.Dispose();
    }

    [Fact]
    public async Task TransientFailures_AreTriedAgainUntilItWorks_AndSaidTwiceOnly()
    {
        _inner.Failures = 4;
        await using var writer = Writer(-1);

        await writer.WriteAttributesAsync([Deltas.Upsert("d1")], CancellationToken.None);

        Assert.Equal(5, _inner.Calls);
        Assert.Equal(4, _recorder.Counters()["hybrid.solr.retries"]);
        Assert.Equal([(300, LogLevel.Warning), (301, LogLevel.Information)], _log.Lines);
    }

    [Fact]
    public async Task OpenCircuit_IsWaitedOut()
    {
        _inner.Failures = 9;
        await using var writer = Writer(-1);

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => writer.WriteAttributesAsync([Deltas.Upsert("d1")], CancellationToken.None)));

        Assert.Equal(9 + 4, _inner.Calls);
    }

    [Fact]
    public async Task LongOutage_IsTriedAgainEveryFewSeconds_HoweverLongItLasts()
    {
        _inner.Failures = 5_000;
        var time = new SkippingTime();
        await using var writer = new ResilientSolrWriter(_inner, -1, _metrics, time, _log);

        await writer.WriteAttributesAsync([Deltas.Upsert("d1")], CancellationToken.None);

        Assert.Equal(5_001, _inner.Calls);
        Assert.All(time.Delays, delay => Assert.InRange(delay, TimeSpan.Zero, TimeSpan.FromSeconds(2)));
        Assert.True(time.Delays.Sum(delay => delay.TotalSeconds) > 1_000);
    }

    [Fact]
    public async Task LimitedRetries_GiveTheLastErrorUp()
    {
        _inner.Failures = 100;
        await using var writer = Writer(2);

        var failure = await Assert.ThrowsAsync<SolrException>(() => writer.WriteAttributesAsync([Deltas.Upsert("d1")], CancellationToken.None));
        Assert.True(failure.IsTransient);
        Assert.Equal(3, _inner.Calls);
    }

    [Fact]
    public async Task LastingFailure_IsNotTriedAgain()
    {
        _inner.Failures = 1;
        _inner.Transient = false;
        await using var writer = Writer(-1);

        await Assert.ThrowsAsync<SolrException>(() => writer.WriteAttributesAsync([Deltas.Upsert("d1")], CancellationToken.None));
        Assert.Equal(1, _inner.Calls);
        Assert.Empty(_log.Lines);
    }

    [Fact]
    public async Task Cancelling_EndsTheRetries()
    {
        _inner.Failures = int.MaxValue;
        await using var writer = Writer(-1);
        using var stop = new CancellationTokenSource();
        var writing = writer.WriteAttributesAsync([Deltas.Upsert("d1")], stop.Token);
        stop.Cancel();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => writing);
    }

    private ResilientSolrWriter Writer(int maxRetries) => new(_inner, maxRetries, _metrics, TimeProvider.System, _log);

    private sealed class FlakyWriter : ISolrWriter
    {
        private int _calls;

        public int Failures { get; set; }

        public bool Transient { get; set; } = true;

        public int Calls => _calls;

        public string Adapter => "flaky";

        public Task<IReadOnlyList<SolrRefusal>> WriteAttributesAsync(IReadOnlyList<CatalogDelta> deltas, CancellationToken cancellationToken) =>
            Interlocked.Increment(ref _calls) <= Failures
                ? Task.FromException<IReadOnlyList<SolrRefusal>>(new SolrException("down", 503, Transient))
                : Task.FromResult<IReadOnlyList<SolrRefusal>>([]);

        public Task<IReadOnlyList<SolrRefusal>> WriteSignalsAsync(IReadOnlyList<DocumentSignals> signals, CancellationToken cancellationToken) =>
            WriteAttributesAsync([], cancellationToken);

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    /// <summary>A clock on which every delay is over at once.</summary>
    private sealed class SkippingTime : TimeProvider
    {
        private long _now = TimeSpan.TicksPerDay;

        public ConcurrentQueue<TimeSpan> Delays { get; } = [];

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Interlocked.Read(ref _now);

        public override DateTimeOffset GetUtcNow() => new(GetTimestamp(), TimeSpan.Zero);

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            if (dueTime > TimeSpan.Zero)
            {
                Delays.Enqueue(dueTime);
                Interlocked.Add(ref _now, dueTime.Ticks);
            }

            return System.CreateTimer(callback, state, TimeSpan.Zero, period);
        }
    }

    private sealed class RecordingLogger : ILogger
    {
        public ConcurrentQueue<(int Id, LogLevel Level)> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Enqueue((eventId.Id, logLevel));
    }
}
