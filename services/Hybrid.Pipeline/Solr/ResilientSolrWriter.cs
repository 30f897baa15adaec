using System.Runtime.ExceptionServices;
using Hybrid.Contracts.Records;
using Hybrid.Pipeline.Avro;
using Hybrid.Pipeline.Measurement;
using Hybrid.Pipeline.Windows;
using Microsoft.Extensions.Logging;
using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;

namespace Hybrid.Pipeline.Solr;

/// <summary>
/// Tries transient failures again with exponential backoff and jitter behind one circuit breaker for all callers, so that a Solr that
/// is down is probed by one request now and then and not by every bulk. Says once when it begins to fail and once when it works again.
/// </summary>
internal sealed partial class ResilientSolrWriter : ISolrWriter
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan BreakDuration = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan SamplingDuration = TimeSpan.FromSeconds(5);

    private delegate Task<IReadOnlyList<SolrRefusal>> WriteOnce<T>(ISolrWriter inner, IReadOnlyList<T> items, CancellationToken cancellationToken);

    private readonly ISolrWriter _inner;
    private readonly HybridMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ResiliencePipeline _pipeline;
    private readonly Lock _gate = new();
    private long _failingSince;
    private long _retries;
    private long _allRetries;

    public ResilientSolrWriter(ISolrWriter inner, int maxRetries, HybridMetrics metrics, TimeProvider time, ILogger logger)
    {
        _inner = inner;
        _metrics = metrics;
        _time = time;
        _logger = logger;
        var builder = new ResiliencePipelineBuilder { TimeProvider = time };
        if (maxRetries != 0)
        {
            builder.AddRetry(new RetryStrategyOptions
            {
                MaxRetryAttempts = maxRetries < 0 ? int.MaxValue : maxRetries,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = FirstDelay,
                MaxDelay = LongestDelay,
                ShouldHandle = new PredicateBuilder().Handle<SolrException>(failure => failure.IsTransient).Handle<BrokenCircuitException>(),
                OnRetry = OnRetry,
            });
        }

        _pipeline = builder
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions
            {
                FailureRatio = 0.9,
                MinimumThroughput = 5,
                SamplingDuration = SamplingDuration,
                BreakDuration = BreakDuration,
                ShouldHandle = new PredicateBuilder().Handle<SolrException>(failure => failure.IsTransient),
            })
            .Build();
    }

    public string Adapter => _inner.Adapter;

    public long Retries => Interlocked.Read(ref _allRetries);

    public Task<IReadOnlyList<SolrRefusal>> WriteAttributesAsync(IReadOnlyList<CatalogDelta> deltas, CancellationToken cancellationToken) =>
        WriteAsync(deltas, static (inner, items, token) => inner.WriteAttributesAsync(items, token), cancellationToken);

    public Task<IReadOnlyList<SolrRefusal>> WriteUpdatesAsync(IReadOnlyList<EncodedDelta> deltas, CancellationToken cancellationToken) =>
        WriteAsync(deltas, static (inner, items, token) => inner.WriteUpdatesAsync(items, token), cancellationToken);

    public Task<IReadOnlyList<SolrRefusal>> WriteSignalsAsync(IReadOnlyList<DocumentSignals> signals, CancellationToken cancellationToken) =>
        WriteAsync(signals, static (inner, items, token) => inner.WriteSignalsAsync(items, token), cancellationToken);

    public ValueTask DisposeAsync() => _inner.DisposeAsync();

    private async Task<IReadOnlyList<SolrRefusal>> WriteAsync<T>(IReadOnlyList<T> items, WriteOnce<T> write, CancellationToken cancellationToken)
    {
        try
        {
            return await _pipeline.ExecuteAsync(
                static async (call, token) => await call.Writer.WriteOnceAsync(call.Items, call.Write, token).ConfigureAwait(false),
                (Writer: this, Items: items, Write: write),
                cancellationToken).ConfigureAwait(false);
        }
        catch (BrokenCircuitException broken)
        {
            if (broken.InnerException is SolrException cause)
            {
                ExceptionDispatchInfo.Throw(cause);
            }

            throw new SolrException("Solr does not answer", null, true, broken);
        }
    }

    private async Task<IReadOnlyList<SolrRefusal>> WriteOnceAsync<T>(IReadOnlyList<T> items, WriteOnce<T> write, CancellationToken cancellationToken)
    {
        try
        {
            var refusals = await write(_inner, items, cancellationToken).ConfigureAwait(false);
            NoteSuccess();
            return refusals;
        }
        catch (SolrException failure) when (failure.IsTransient)
        {
            NoteFailure(failure);
            throw;
        }
    }

    private ValueTask OnRetry(OnRetryArguments<object> arguments)
    {
        if (arguments.Outcome.Exception is SolrException)
        {
            _metrics.SolrRetries.Add(1);
            Interlocked.Increment(ref _retries);
            Interlocked.Increment(ref _allRetries);
        }

        return ValueTask.CompletedTask;
    }

    private void NoteFailure(SolrException failure)
    {
        lock (_gate)
        {
            if (_failingSince != 0)
            {
                return;
            }

            _failingSince = _time.GetTimestamp();
            _retries = 0;
        }

        LogFailing(failure.Message);
    }

    private void NoteSuccess()
    {
        if (Volatile.Read(ref _failingSince) == 0)
        {
            return;
        }

        double seconds;
        long retries;
        lock (_gate)
        {
            if (_failingSince == 0)
            {
                return;
            }

            seconds = _time.GetElapsedTime(_failingSince).TotalSeconds;
            retries = Interlocked.Read(ref _retries);
            _failingSince = 0;
        }

        LogRecovered(seconds, retries);
    }

    [LoggerMessage(EventId = 300, Level = LogLevel.Warning, Message = "Solr fails and is tried again: {Reason}")]
    private partial void LogFailing(string reason);

    [LoggerMessage(EventId = 301, Level = LogLevel.Information, Message = "Solr answers again after {Seconds:0.0} s and {Retries} retries")]
    private partial void LogRecovered(double seconds, long retries);
}
