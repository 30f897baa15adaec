using Hybrid.Comparison.Processes;
using Hybrid.Contracts.Measurement;
using Hybrid.Contracts.Reports;

namespace Hybrid.Comparison.Observer;

/// <summary>Samples what publisher and lane use and how far the lane lags, at an interval.</summary>
/// <param name="publisher">The publisher.</param>
/// <param name="lane">The lane.</param>
/// <param name="firstDue">When the first partition is due, wall time: use before it is start-up and does not count.</param>
/// <param name="measuredFrom">When the warm-up is over, wall time; not before the first due time.</param>
/// <param name="clock">Wall time.</param>
/// <param name="sampled">Called after each sample with what the lane last said.</param>
internal sealed class RunSampler(
    SupervisedService publisher, SupervisedService lane, DateTimeOffset firstDue, DateTimeOffset measuredFrom, TimeProvider clock, Action<ServiceStatus?> sampled)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private readonly List<CurvePoint> _lag = [];
    private readonly List<CurvePoint> _batchInterval = [];
    private DateTimeOffset _lastStatus;
    private double? _publisherStartUp;
    private double? _laneStartUp;

    /// <summary>Lag in records, seconds since the first due time. Read it once <see cref="RunAsync"/> has ended.</summary>
    public IReadOnlyList<CurvePoint> Lag => _lag;

    /// <summary>The interval of micro-batch, seconds, over seconds since the first due time; empty for other lanes. Read it likewise.</summary>
    public IReadOnlyList<CurvePoint> BatchInterval => _batchInterval;

    /// <summary>Processor time of the publisher before the first due time, core-seconds.</summary>
    public double PublisherStartUpSeconds => _publisherStartUp ?? 0;

    /// <summary>Processor time of the lane before the first due time, core-seconds.</summary>
    public double LaneStartUpSeconds => _laneStartUp ?? 0;

    /// <summary>What publisher and lane had used and said when the warm-up was over; null when the run ended before.</summary>
    public WarmUpBaseline? WarmUp { get; private set; }

    /// <summary>Samples until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        try
        {
            do
            {
                Sample();
            }
            while (await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
        }
    }

    private void Sample()
    {
        publisher.Sample();
        lane.Sample();
        var now = clock.GetUtcNow();
        var since = (now - firstDue).TotalSeconds;
        if (since >= 0)
        {
            _publisherStartUp ??= publisher.CpuSeconds;
            _laneStartUp ??= lane.CpuSeconds;
        }

        var status = lane.Status;
        if (now >= measuredFrom)
        {
            WarmUp ??= new WarmUpBaseline(lane.CpuSeconds, status, publisher.Status);
        }

        if (since >= 0 && status is not null && status.UpdatedAt > _lastStatus && status.Gauges.TryGetValue(Instruments.LagRecords, out var records))
        {
            _lastStatus = status.UpdatedAt;
            _lag.Add(new CurvePoint(Math.Round(since, 3), records));
            if (status.Gauges.TryGetValue(Instruments.BatchInterval, out var interval))
            {
                _batchInterval.Add(new CurvePoint(Math.Round(since, 3), interval));
            }
        }

        sampled(status);
    }
}

/// <summary>What the services had used and said when the warm-up was over.</summary>
/// <param name="LaneCpuSeconds">Processor time of the lane, core-seconds.</param>
/// <param name="Lane">The lane's status; null when it had none.</param>
/// <param name="Publisher">The publisher's status; null when it had none.</param>
internal sealed record WarmUpBaseline(double LaneCpuSeconds, ServiceStatus? Lane, ServiceStatus? Publisher);
