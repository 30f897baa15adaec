using Hybrid.Comparison.Experiments;
using Hybrid.Pipeline.Hosting;
using Hybrid.Pipeline.Kafka;
using Hybrid.Pipeline.Lanes;
using Hybrid.Pipeline.ObjectStore;
using Hybrid.Pipeline.Progress;

namespace Hybrid.Comparison.Convergence.Running;

/// <summary>Tells which objects were taken over for good, by the positions that the publisher and the lanes that read objects keep.</summary>
/// <param name="store">The object store.</param>
/// <param name="kafka">Kafka.</param>
/// <param name="source">The source's name.</param>
/// <param name="lanes">The round's lanes.</param>
internal sealed class TakenObjects(IObjectStore store, KafkaClients kafka, string source, IReadOnlyList<string> lanes)
{
    private static readonly string StatePrefix = new ObjectLaneOptions().StatePrefix;

    private long _positions;

    /// <summary>A figure that changes as the publisher and the lanes get on.</summary>
    public long Positions => Interlocked.Read(ref _positions);

    /// <summary>Whether everybody has taken an object over.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="tag">Its ETag.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<bool> HaveAllAsync(string key, string tag, CancellationToken cancellationToken)
    {
        try
        {
            var published = await Task.Run(() => Published(cancellationToken), cancellationToken).ConfigureAwait(false);
            var positions = (long)published.Count;
            var haveAll = published.Exists(progress => Holds(progress, key, tag));
            foreach (var lane in lanes.Where(LaneCatalog.ReadsObjects))
            {
                var cursor = new LaneCursor(store, LaneCursor.KeyOf(StatePrefix, lane, source));
                var record = await cursor.ReadAsync(cancellationToken).ConfigureAwait(false);
                positions += record?.Progress.Objects.Count ?? 0;
                haveAll &= record is not null && Holds(record.Progress, key, tag);
            }

            Interlocked.Exchange(ref _positions, positions);
            return haveAll;
        }
        catch (HybridException failure) when (failure.ExitCode == ExitCodes.Unreachable)
        {
            return false;
        }
    }

    private List<SourceProgress> Published(CancellationToken cancellationToken) =>
        [.. TopicScan.Read(kafka, kafka.Topics.Watermarks, null, cancellationToken)
            .Where(record => record.Message.Value is not null)
            .Select(record => SourceProgress.FromJson(record.Message.Value))];

    private static bool Holds(SourceProgress progress, string key, string tag) => progress.Objects.Any(one => one.Key == key && one.ETag == tag);
}
