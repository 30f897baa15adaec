using Hybrid.Contracts.Partitions;
using Hybrid.Pipeline.Measurement;
using Microsoft.Extensions.Logging;

namespace Hybrid.Pipeline.Discovery;

/// <summary>An object among a source's partitions that is in none of them.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Match">What its key is to the layout.</param>
internal readonly record struct StrayObject(string Key, LayoutMatch Match);

/// <summary>
/// Says of each stray object once that nobody publishes it: a wrong period or layout would else lose data in silence. It remembers so many,
/// which is more than one look can show, so that what lies there look after look is not said again. Not for concurrent use.
/// </summary>
internal sealed class StrayObjects(PartitionLayout layout, HybridMetrics metrics, ILogger logger)
{
    /// <summary>Strays that one look shows at most; with more the rest is not looked at.</summary>
    public const int MostALook = 10_000;

    private const int MostRemembered = 2 * MostALook;

    /// <summary>Strays that one look names; the rest is a number.</summary>
    private const int MostNamed = 10;

    private readonly HashSet<string> _known = new(StringComparer.Ordinal);
    private readonly Queue<string> _order = new();
    private readonly List<StrayObject> _new = [];
    private int _seen;

    /// <summary>Takes a part of what a look showed.</summary>
    public void Add(IEnumerable<StrayObject> strays)
    {
        foreach (var stray in strays)
        {
            if (_seen++ < MostALook && _known.Add(stray.Key))
            {
                _order.Enqueue(stray.Key);
                _new.Add(stray);
            }
        }
    }

    /// <summary>The look is over: says what it showed that was not said yet.</summary>
    public void Report()
    {
        foreach (var (key, match) in _new.Take(MostNamed))
        {
            if (match == LayoutMatch.BetweenPartitions)
            {
                DiscoveryLog.BetweenPartitions(logger, key, layout.Period);
            }
            else
            {
                DiscoveryLog.Foreign(logger, key, layout.Template);
            }
        }

        if (_new.Count > MostNamed)
        {
            DiscoveryLog.More(logger, _new.Count - MostNamed);
        }

        metrics.ObjectsPassedOver.Add(_new.Count);
        _new.Clear();
        _seen = 0;
        while (_order.Count > MostRemembered)
        {
            _known.Remove(_order.Dequeue());
        }
    }
}
