using System.Diagnostics.Metrics;

namespace Hybrid.Pipeline.Measurement;

/// <summary>
/// A histogram of a stage that every record passes. Records of one object or one bulk pass it at the same moment, so their samples are
/// equal and are recorded together: a service's own recorder takes them at once, and whoever else listens to the instrument takes them one
/// by one. Safe for concurrent use.
/// </summary>
public sealed class StageHistogram
{
    private readonly Histogram<double> _instrument;
    private readonly Lock _gate = new();
    private LatencyHistogram[] _recorders = [];

    internal StageHistogram(Histogram<double> instrument) => _instrument = instrument;

    /// <summary>The instrument's name.</summary>
    public string Name => _instrument.Name;

    /// <summary>Records samples that are equal.</summary>
    /// <param name="seconds">The samples' value, seconds.</param>
    /// <param name="count">How many of them, from 0.</param>
    public void Record(double seconds, long count = 1)
    {
        foreach (var recorder in Volatile.Read(ref _recorders))
        {
            recorder.Record(seconds, count);
        }

        if (_instrument.Enabled)
        {
            for (var i = 0L; i < count; i++)
            {
                _instrument.Record(seconds);
            }
        }
    }

    /// <summary>Records into a histogram too from now on.</summary>
    internal void Attach(LatencyHistogram recorder)
    {
        lock (_gate)
        {
            Volatile.Write(ref _recorders, [.. _recorders, recorder]);
        }
    }

    /// <summary>Records into a histogram no more.</summary>
    internal void Detach(LatencyHistogram recorder)
    {
        lock (_gate)
        {
            Volatile.Write(ref _recorders, [.. _recorders.Where(one => !ReferenceEquals(one, recorder))]);
        }
    }
}
