namespace Hybrid.Publisher.Publishing;

/// <summary>Knows the watermark of the whole source: the least of its shards'.</summary>
internal interface ISourceWatermark
{
    /// <summary>The least watermark by now; null while a shard has none.</summary>
    /// <param name="own">This shard's, event time.</param>
    DateTimeOffset? Least(DateTimeOffset own);
}

/// <summary>A source that is not shared.</summary>
internal sealed class OwnWatermark : ISourceWatermark
{
    public DateTimeOffset? Least(DateTimeOffset own) => own;
}
