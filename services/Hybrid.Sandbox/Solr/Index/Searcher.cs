namespace Hybrid.Sandbox.Solr.Index;

/// <summary>
/// What searches see: the visible version of every document, which changes only when a commit shows the pending ones, all at
/// once. The order by id is kept up lazily, so a commit costs what it shows and a search by id costs what it finds.
/// </summary>
internal sealed class Searcher
{
    private const int MaxCachedCounts = 256;

    private readonly ReaderWriterLockSlim _gate = new();
    private readonly Lock _orderGate = new();
    private readonly List<DocumentEntry> _added = [];
    private readonly Dictionary<string, int> _counts = new(StringComparer.Ordinal);
    private DocumentEntry[] _byId = [];
    private bool _removed;

    /// <summary>How many documents are visible.</summary>
    public int Count { get; private set; }

    /// <summary>How often something became visible.</summary>
    public long Generation { get; private set; }

    /// <summary>When something last became visible, in milliseconds since the epoch, or 0.</summary>
    public long ShownAt { get; private set; }

    /// <summary>Makes the last version of each entry the visible one.</summary>
    public void Show(List<DocumentEntry> pending, long now)
    {
        if (pending.Count == 0)
        {
            return;
        }

        _gate.EnterWriteLock();
        try
        {
            foreach (var entry in pending)
            {
                entry.IsPending = false;
                var before = entry.Visible;
                var after = entry.Current;
                entry.Visible = after;
                if (before is null && after is not null)
                {
                    _added.Add(entry);
                    Count++;
                }
                else if (before is not null && after is null)
                {
                    _removed = true;
                    Count--;
                }
            }

            _counts.Clear();
            Generation++;
            ShownAt = now;
        }
        finally
        {
            _gate.ExitWriteLock();
        }
    }

    /// <summary>Runs a search while nothing becomes visible.</summary>
    public TResult Read<TState, TResult>(TState state, Func<Searcher, TState, TResult> search)
    {
        _gate.EnterReadLock();
        try
        {
            return search(this, state);
        }
        finally
        {
            _gate.ExitReadLock();
        }
    }

    /// <summary>The visible entries by ascending id, as of now; only within <see cref="Read"/>.</summary>
    public DocumentEntry[] ById()
    {
        lock (_orderGate)
        {
            if (_added.Count > 0 || _removed)
            {
                _added.RemoveAll(static entry => entry.Visible is null);
                _added.Sort(static (left, right) => left.Id.AsSpan().SequenceCompareTo(right.Id));
                _byId = Merge(_byId, _added);
                _added.Clear();
                _added.TrimExcess();
                _removed = false;
            }

            return _byId;
        }
    }

    /// <summary>The number of hits of a query that was counted since the last commit; only within <see cref="Read"/>.</summary>
    public int? CachedCount(string? query)
    {
        lock (_orderGate)
        {
            return query is not null && _counts.TryGetValue(query, out var count) ? count : null;
        }
    }

    public void CacheCount(string? query, int count)
    {
        lock (_orderGate)
        {
            if (query is not null && _counts.Count < MaxCachedCounts)
            {
                _counts[query] = count;
            }
        }
    }

    private DocumentEntry[] Merge(DocumentEntry[] old, List<DocumentEntry> added)
    {
        var merged = new DocumentEntry[Count];
        var written = 0;
        var next = 0;
        foreach (var entry in old)
        {
            if (entry.Visible is null)
            {
                continue;
            }

            while (next < added.Count && added[next].Id.AsSpan().SequenceCompareTo(entry.Id) < 0)
            {
                merged[written++] = added[next++];
            }

            merged[written++] = entry;
        }

        added.CopyTo(next, merged, written, added.Count - next);
        return merged;
    }
}
