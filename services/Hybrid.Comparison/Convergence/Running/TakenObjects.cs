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

    /// <summary>Whether everybody has taken an object over.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="tag">Its ETag.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<bool> HaveAllAsync(string key, string tag, CancellationToken cancellationToken)
    {
        try
        {
            if (!await Task.Run(() => IsPublished(key, tag, cancellationToken), cancellationToken).ConfigureAwait(false))
            {
                return false;
            }

            foreach (var lane in lanes.Where(LaneCatalog.ReadsObjects))
            {
                var cursor = new LaneCursor(store, LaneCursor.KeyOf(StatePrefix, lane, source));
                if (await cursor.ReadAsync(cancellationToken).ConfigureAwait(false) is not { } record || !Holds(record.Progress, key, tag))
                {
                    return false;
                }
            }

            return true;
        }
        catch (HybridException failure) when (failure.ExitCode == ExitCodes.Unreachable)
        {
            return false;
        }
    }

    private bool IsPublished(string key, string tag, CancellationToken cancellationToken) =>
        TopicScan.Read(kafka, kafka.Topics.Watermarks, null, cancellationToken)
            .Any(record => record.Message.Value is { } value && Holds(SourceProgress.FromJson(value), key, tag));

    private static bool Holds(SourceProgress progress, string key, string tag) => progress.Objects.Any(one => one.Key == key && one.ETag == tag);
}
