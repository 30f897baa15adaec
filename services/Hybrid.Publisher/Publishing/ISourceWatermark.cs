namespace Hybrid.Publisher.Publishing;

/// <summary>Knows the watermark of the whole source, which is the least of its shards', and whether the consumers know it too.</summary>
internal interface ISourceWatermark
{
    /// <summary>What is to be told to the consumers.</summary>
    /// <param name="own">This shard's watermark, event time.</param>
    /// <param name="announced">What this shard told them last, event time; null for nothing yet.</param>
    /// <returns>The source's watermark; null when they were told, or while a shard has none.</returns>
    DateTimeOffset? Next(DateTimeOffset own, DateTimeOffset? announced);

    /// <summary>Learns of everything that is committed by now.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    Task RefreshAsync(CancellationToken cancellationToken);
}

/// <summary>A source that is not shared.</summary>
internal sealed class OwnWatermark : ISourceWatermark
{
    public DateTimeOffset? Next(DateTimeOffset own, DateTimeOffset? announced) => announced >= own ? null : own;

    public Task RefreshAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
