using System.Threading.Channels;
using Hybrid.Contracts.Measurement;
using Hybrid.Lanes.Auditing;
using Hybrid.Lanes.Consuming;
using Hybrid.Pipeline.Lanes;
using Hybrid.Pipeline.Solr;
using Microsoft.Extensions.Logging;

namespace Hybrid.Lanes.MicroBatch;

/// <summary>
/// Gathers a batch while others are written, one after the other. A batch whose interval is over while the writer is busy goes on growing
/// up to its bounds, so that a slow Solr makes batches larger and not more.
/// </summary>
internal sealed class MicroBatchSink : ILaneSink
{
    private static readonly TimeSpan BusyPoll = TimeSpan.FromMilliseconds(5);

    private readonly string _lane;
    private readonly CommitLog? _commits;
    private readonly LaneParts _parts;
    private readonly LaneOutcomes _outcomes;
    private readonly ILogger _logger;
    private readonly BatchTriggers _triggers;
    private readonly AdaptiveInterval? _interval;
    private readonly Dictionary<RecordBatch, SealedBatch> _unfinished = [];
    private readonly UpstreamAge _upstream;
    private readonly Channel<SealedBatch> _sealed = Channel.CreateUnbounded<SealedBatch>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });
    private readonly Stack<RecordBatch> _free = [];
    private readonly Task _writing;
    private RecordBatch _gathering = new();
    private int _unwritten;

    public MicroBatchSink(string lane, LaneParts parts, LaneOutcomes outcomes, CommitLog? commits, CancellationToken abort)
    {
        _lane = lane;
        _commits = commits;
        _parts = parts;
        _outcomes = outcomes;
        _logger = parts.Loggers.CreateLogger("Hybrid.Lanes.MicroBatch");
        _triggers = new BatchTriggers(parts.Options, parts.Time);
        _upstream = new UpstreamAge(parts.Options.FreshnessTarget, parts.Time);
        if (parts.Options.FreshnessTarget is { } target)
        {
            _interval = new AdaptiveInterval(target, SolrVisibility.Parse(parts.SolrOptions.Visibility).Delay, parts.Options.Interval, parts.Options.MinInterval);
        }

        KeepInterval();
        _writing = Task.Run(() => WriteAllAsync(abort), CancellationToken.None);
    }

    public void Accept(in LaneRecord record)
    {
        _gathering.Add(record);
        _triggers.Add(record.Bytes);
        _upstream.Add(record.ClosedMilliseconds);
    }

    public void Accept(in SignalsUpdate update)
    {
        _gathering.Add(update);
        _triggers.Add(SignalsUpdate.Bytes);
    }

    public bool IsFull => _triggers.IsFull;

    public TimeSpan Pump()
    {
        if (_triggers.Fired is not { } trigger)
        {
            return _triggers.Remaining;
        }

        if (trigger == BatchTrigger.Interval && Volatile.Read(ref _unwritten) > 0)
        {
            return BusyPoll;
        }

        Seal(trigger);
        return TimeSpan.MaxValue;
    }

    public void Flush()
    {
        if (_gathering.Items > 0)
        {
            Seal(_parts.Options.AvailableNow ? BatchTrigger.AvailableNow : BatchTrigger.Drain);
        }
    }

    public void Recycle(RecordBatch batch)
    {
        if (_unfinished.Remove(batch, out var times) && _interval is not null)
        {
            _interval.Observe(new BatchTimes(
                times.Trigger, times.Upstream, _parts.Time.GetElapsedTime(times.First, times.At), _parts.Time.GetElapsedTime(times.At)));
            KeepInterval();
        }

        batch.Clear();
        _free.Push(batch);
    }

    public async ValueTask DisposeAsync()
    {
        _sealed.Writer.Complete();
        await _writing.ConfigureAwait(false);
        _commits?.Dispose();
    }

    private void Seal(BatchTrigger trigger)
    {
        Interlocked.Increment(ref _unwritten);
        var batch = new SealedBatch(
            _gathering, trigger, _triggers.First, _parts.Time.GetTimestamp(), _parts.Time.GetUtcNow(), _upstream.Take());
        _unfinished.Add(_gathering, batch);
        _sealed.Writer.TryWrite(batch);
        _gathering = _free.TryPop(out var free) ? free : new RecordBatch();
        _triggers.Reset();
    }

    private void KeepInterval()
    {
        var interval = _interval?.Current ?? _parts.Options.Interval;
        _triggers.Keep(interval);
        _parts.Metrics.SetGauge(Instruments.BatchInterval, interval.TotalSeconds, "s");
    }

    private async Task WriteAllAsync(CancellationToken abort)
    {
        try
        {
            await foreach (var next in _sealed.Reader.ReadAllAsync(abort).ConfigureAwait(false))
            {
                var retries = await WriteAsync(next, abort).ConfigureAwait(false);
                Interlocked.Decrement(ref _unwritten);
                if (_commits is null)
                {
                    _outcomes.Done(next.Batch);
                }
                else
                {
                    _commits.Write(next.ToCommit(_lane, retries, _parts.Time.GetUtcNow()), () => _outcomes.Done(next.Batch));
                }
            }
        }
        catch (OperationCanceledException) when (abort.IsCancellationRequested)
        {
            // What was not written is read again at the next start.
        }
        catch (Exception failure)
        {
            _outcomes.Fail(failure);
        }
    }

    /// <returns>How many requests were tried again.</returns>
    private async Task<long> WriteAsync(SealedBatch next, CancellationToken abort)
    {
        var started = _parts.Time.GetTimestamp();
        var retries = _parts.Writer.Retries;
        var options = _parts.Options;
        await _parts.Writer.WriteAsync(next.Batch, options.BulkDocuments, options.BulkBytes, options.BatchRequests, abort).ConfigureAwait(false);
        Count(next.Trigger);
        if (_logger.IsEnabled(LogLevel.Debug))
        {
            _logger.BatchWritten(
                BatchId.Of(next.Batch.Places), next.Batch.Items, next.Batch.Documents + next.Batch.States.Count, next.Trigger,
                _parts.Time.GetElapsedTime(started).TotalMilliseconds);
        }

        return _parts.Writer.Retries - retries;
    }

    private void Count(BatchTrigger trigger)
    {
        _parts.Metrics.Batches.Add(1);
        (trigger switch
        {
            BatchTrigger.Interval => _parts.Metrics.BatchesByInterval,
            BatchTrigger.Records => _parts.Metrics.BatchesByRecords,
            BatchTrigger.Bytes => _parts.Metrics.BatchesByBytes,
            BatchTrigger.AvailableNow => _parts.Metrics.BatchesByAvailableNow,
            _ => _parts.Metrics.BatchesByDrain,
        }).Add(1);
    }
}
