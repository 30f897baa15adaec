using Hybrid.Contracts.Records;

namespace Hybrid.Pipeline.Windows;

/// <summary>
/// The signals of one Kafka partition's documents. All deltas of a document are in one partition, so its window needs no other. Not for
/// concurrent use.
/// </summary>
/// <param name="options">The window.</param>
public sealed class PartitionWindow(WindowOptions options)
{
    private readonly SourceWatermarks _watermarks = new();
    private readonly SignalWindow? _window = options.IsOn ? new SignalWindow(options) : null;

    /// <summary>Whether signals are counted at all.</summary>
    public bool IsOn => _window is not null;

    /// <summary>The event time up to which every source seen here is complete, in milliseconds since 1970-01-01T00:00:00Z; null before the first one.</summary>
    public long? Watermark => _watermarks.Least;

    /// <summary>An empty window of the same length.</summary>
    public PartitionWindow Anew() => new(options);

    /// <summary>Takes a signal in; without a window it does nothing.</summary>
    /// <param name="signal">A delta of kind <see cref="DeltaKind.Signal"/>.</param>
    /// <exception cref="ArgumentException">The name of its partition is none.</exception>
    public void Add(CatalogDelta signal) => _window?.Add(signal);

    /// <summary>Notes how far a source is complete, and moves the window on when every source is.</summary>
    /// <param name="source">The source's name, the key of its control records; null as an empty one.</param>
    /// <param name="watermark">Event time in milliseconds since 1970-01-01T00:00:00Z.</param>
    public void Advance(byte[]? source, long watermark)
    {
        _watermarks.Advance(source, watermark);
        _window?.Advance(_watermarks.Least!.Value);
    }

    /// <summary>Hands over the states that changed since the last call, each document once.</summary>
    /// <param name="states">Where they are added.</param>
    public void Drain(List<DocumentSignals> states) => _window?.Drain(states);
}
