namespace Hybrid.Pipeline.Windows;

/// <summary>How far each source is complete, by the control records of one Kafka partition.</summary>
internal sealed class SourceWatermarks
{
    private readonly List<(byte[] Source, long Watermark)> _known = [];

    /// <summary>The event time up to which every source seen is complete, in Unix milliseconds; null before the first one.</summary>
    public long? Least => _known.Count == 0 ? null : _known.Min(source => source.Watermark);

    /// <summary>Notes how far a source is complete; it never goes back.</summary>
    public void Advance(byte[]? source, long watermark)
    {
        var name = source ?? [];
        var index = _known.FindIndex(known => known.Source.AsSpan().SequenceEqual(name));
        if (index < 0)
        {
            _known.Add((name, watermark));
        }
        else if (watermark > _known[index].Watermark)
        {
            _known[index] = (name, watermark);
        }
    }
}
