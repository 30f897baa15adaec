namespace Hybrid.Comparison.Observer;

/// <summary>
/// What the observer waits for and what it has seen. Times are wall time. One thread watches and shows; others may count.
/// </summary>
internal sealed class CanaryBoard
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, List<Watched>> _pending = new(StringComparer.Ordinal);
    private readonly Queue<Watched> _scheduled;
    private readonly List<Sighting> _seen = [];
    private readonly Dictionary<string, long> _shown = new(StringComparer.Ordinal);
    private int _regressions;
    private int _turn;

    /// <summary>Makes a board.</summary>
    /// <param name="canaries">All canaries: when their partition is due, and from when on they can be there at all.</param>
    public CanaryBoard(IEnumerable<Watched> canaries)
    {
        var ordered = canaries.OrderBy(canary => canary.From).ToArray();
        _scheduled = new Queue<Watched>(ordered);
        Total = ordered.Length;
    }

    /// <summary>All canaries of the run.</summary>
    public int Total { get; }

    /// <summary>How many were seen.</summary>
    public int Seen
    {
        get
        {
            lock (_lock)
            {
                return _seen.Count;
            }
        }
    }

    /// <summary>When the next canary that is not yet waited for can be there; null when all are waited for.</summary>
    public DateTimeOffset? NextFrom
    {
        get
        {
            lock (_lock)
            {
                return _scheduled.TryPeek(out var next) ? next.From : null;
            }
        }
    }

    /// <summary>What was seen, in the order it was seen.</summary>
    public IReadOnlyList<Sighting> Sightings
    {
        get
        {
            lock (_lock)
            {
                return [.. _seen];
            }
        }
    }

    /// <summary>Canaries that could be there and were not seen.</summary>
    public IReadOnlyList<Watched> Unseen
    {
        get
        {
            lock (_lock)
            {
                return [.. _pending.Values.SelectMany(waiting => waiting), .. _scheduled];
            }
        }
    }

    /// <summary>How often a document went back to an older version.</summary>
    public int Regressions
    {
        get
        {
            lock (_lock)
            {
                return _regressions;
            }
        }
    }

    /// <summary>The documents to ask the index for now, at most so many; when there are more they take turns.</summary>
    public IReadOnlyList<string> Wanted(DateTimeOffset now, int limit)
    {
        lock (_lock)
        {
            while (_scheduled.TryPeek(out var next) && next.From <= now)
            {
                _scheduled.Dequeue();
                if (!_pending.TryGetValue(next.Canary.DocumentId, out var waiting))
                {
                    _pending[next.Canary.DocumentId] = waiting = [];
                }

                waiting.Add(next);
            }

            if (_pending.Count <= limit)
            {
                return [.. _pending.Keys];
            }

            _turn = (_turn + limit) % _pending.Count;
            return [.. _pending.Keys.Skip(_turn).Concat(_pending.Keys).Take(limit)];
        }
    }

    /// <summary>Notes that the index showed a document.</summary>
    /// <param name="documentId">The document.</param>
    /// <param name="version">The version of its attributes.</param>
    /// <param name="at">When the answer was there.</param>
    public void Show(string documentId, long version, DateTimeOffset at)
    {
        lock (_lock)
        {
            if (_shown.TryGetValue(documentId, out var shown) && version < shown)
            {
                _regressions++;
            }

            _shown[documentId] = version;
            if (!_pending.TryGetValue(documentId, out var waiting))
            {
                return;
            }

            for (var index = waiting.Count - 1; index >= 0; index--)
            {
                if (waiting[index].Canary.Version <= version)
                {
                    _seen.Add(new Sighting(waiting[index].Due, at, waiting[index].Canary.Weight, waiting[index].From > waiting[index].Due));
                    waiting.RemoveAt(index);
                }
            }

            if (waiting.Count == 0)
            {
                _pending.Remove(documentId);
            }
        }
    }
}

/// <summary>A canary in the schedule of a run.</summary>
/// <param name="Canary">What to wait for.</param>
/// <param name="Due">When its partition is due to close, wall time.</param>
/// <param name="From">When its object is put, wall time; not before <paramref name="Due"/>.</param>
internal readonly record struct Watched(Canary Canary, DateTimeOffset Due, DateTimeOffset From);

/// <summary>A canary that was seen.</summary>
/// <param name="Due">When its partition was due to close, wall time.</param>
/// <param name="SeenAt">When the index first showed it, wall time; late by the observer's interval at most.</param>
/// <param name="Weight">How many records it stands for.</param>
/// <param name="OfLateObject">Whether its object was put after its partition was due.</param>
internal readonly record struct Sighting(DateTimeOffset Due, DateTimeOffset SeenAt, double Weight, bool OfLateObject = false)
{
    /// <summary>Due to seen, seconds.</summary>
    public double Freshness => (SeenAt - Due).TotalSeconds;
}
