using System.Diagnostics.Metrics;
using Hybrid.Contracts.Measurement;

namespace Hybrid.Pipeline.Measurement;

/// <summary>Listens to one <see cref="HybridMetrics"/> and keeps its totals for the status file.</summary>
public sealed class MetricsRecorder : IDisposable
{
    private readonly HybridMetrics _metrics;
    private readonly MeterListener _listener = new();
    private readonly Lock _gate = new();
    private readonly Dictionary<string, CounterCell> _counters = new(StringComparer.Ordinal);
    private readonly Dictionary<string, LatencyHistogram> _histograms = new(StringComparer.Ordinal);

    /// <summary>Starts to listen.</summary>
    /// <param name="metrics">The instruments.</param>
    public MetricsRecorder(HybridMetrics metrics)
    {
        ArgumentNullException.ThrowIfNull(metrics);
        _metrics = metrics;
        foreach (var stage in metrics.Stages)
        {
            stage.Attach(_histograms[stage.Name] = new LatencyHistogram());
        }

        _listener.InstrumentPublished = Subscribe;
        _listener.SetMeasurementEventCallback<long>(static (_, value, _, state) => (state as CounterCell)?.Add(value));
        _listener.SetMeasurementEventCallback<double>(static (_, value, _, state) => (state as LatencyHistogram)?.Record(value));
        _listener.Start();
    }

    /// <summary>The counters' totals.</summary>
    public SortedDictionary<string, long> Counters()
    {
        lock (_gate)
        {
            return new SortedDictionary<string, long>(_counters.ToDictionary(pair => pair.Key, pair => pair.Value.Total), StringComparer.Ordinal);
        }
    }

    /// <summary>The gauges' values.</summary>
    public SortedDictionary<string, double> Gauges() => new(_metrics.GaugeValues.ToDictionary(), StringComparer.Ordinal);

    /// <summary>The histograms that have samples.</summary>
    public SortedDictionary<string, HistogramSnapshot> Histograms()
    {
        lock (_gate)
        {
            return new SortedDictionary<string, HistogramSnapshot>(
                _histograms.Where(pair => pair.Value.Count + pair.Value.Negative > 0).ToDictionary(pair => pair.Key, pair => pair.Value.Snapshot()),
                StringComparer.Ordinal);
        }
    }

    /// <summary>How many samples a histogram has that are not negative.</summary>
    /// <param name="histogram">One of <see cref="Instruments"/>.</param>
    /// <returns>0 when there is no such histogram.</returns>
    public long Samples(string histogram)
    {
        lock (_gate)
        {
            return _histograms.TryGetValue(histogram, out var found) ? found.Count : 0;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _listener.Dispose();
        foreach (var stage in _metrics.Stages)
        {
            stage.Detach(_histograms[stage.Name]);
        }
    }

    private void Subscribe(Instrument instrument, MeterListener listener)
    {
        if (!ReferenceEquals(instrument.Meter, _metrics.Meter))
        {
            return;
        }

        lock (_gate)
        {
            switch (instrument)
            {
                case Counter<long>:
                    listener.EnableMeasurementEvents(instrument, _counters[instrument.Name] = new CounterCell());
                    break;
                case Histogram<double> when !_histograms.ContainsKey(instrument.Name):
                    listener.EnableMeasurementEvents(instrument, _histograms[instrument.Name] = new LatencyHistogram());
                    break;
            }
        }
    }

    private sealed class CounterCell
    {
        private long _total;

        public long Total => Volatile.Read(ref _total);

        public void Add(long value) => Interlocked.Add(ref _total, value);
    }
}
