using Hybrid.Contracts.Records;
using Hybrid.Pipeline.Windows;

namespace Hybrid.Lanes.Windows;

/// <summary>
/// The signals of one Kafka partition's documents. All deltas of a document are in one partition, so its window needs no other. Belongs to
/// the consuming thread.
/// </summary>
internal sealed class PartitionWindow(WindowOptions options)
{
    private readonly SourceWatermarks _watermarks = new();
    private readonly SignalWindow? _window = options.IsOn ? new SignalWindow(options) : null;

    /// <summary>Whether signals are counted at all.</summary>
    public bool IsOn => _window is not null;

    /// <summary>The event time up to which every source seen here is complete, in Unix milliseconds; null before the first one.</summary>
    public long? Watermark => _watermarks.Least;

    /// <summary>An empty window of the same length.</summary>
    public PartitionWindow Anew() => new(options);

    /// <summary>Takes a signal in.</summary>
    public void Add(CatalogDelta signal) => _window?.Add(signal);

    /// <summary>Notes how far a source is complete.</summary>
    public void Advance(byte[]? source, long watermark)
    {
        _watermarks.Advance(source, watermark);
        _window?.Advance(_watermarks.Least!.Value);
    }

    /// <summary>Hands over the states that changed since the last call.</summary>
    public void Drain(List<DocumentSignals> states) => _window?.Drain(states);
}
