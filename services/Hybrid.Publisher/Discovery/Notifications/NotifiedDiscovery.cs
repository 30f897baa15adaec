using Hybrid.Contracts.Partitions;
using Hybrid.Pipeline.Discovery;
using Hybrid.Pipeline.ObjectStore;

namespace Hybrid.Publisher.Discovery.Notifications;

/// <summary>
/// A sweep that also believes notifications: an object that it was told of counts as listed, before the listing shows it, and a new one ends
/// the wait for the next look. The sweep goes on as ever, so a notification that is lost costs time and nothing else.
/// </summary>
/// <param name="sweep">Lists the object store.</param>
/// <param name="layout">Tells the partition of a key.</param>
/// <param name="marker">The name of the object that says that a partition is finished.</param>
internal sealed class NotifiedDiscovery(IDiscoverySource sweep, PartitionLayout layout, string marker) : IDiscoverySource
{
    /// <summary>Objects told of and not listed yet that are held at most: what is told beyond, the sweep finds.</summary>
    internal const int MostHeld = 100_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<PartitionId, Dictionary<string, ObjectEntry>> _told = [];
    private TaskCompletionSource _news = NewSignal();
    private int _held;

    /// <summary>How many objects are held that were told of and not listed yet.</summary>
    internal int Held
    {
        get
        {
            lock (_gate)
            {
                return _held;
            }
        }
    }

    /// <summary>Of how many partitions they are.</summary>
    internal int HeldPartitions
    {
        get
        {
            lock (_gate)
            {
                return _told.Count;
            }
        }
    }

    /// <summary>Takes notifications in; safe to call at any time.</summary>
    public void Take(IReadOnlyList<Notification> told)
    {
        lock (_gate)
        {
            foreach (var (key, created) in told)
            {
                if (layout.TryParse(key, out var partition))
                {
                    Take(partition, key, created);
                }
            }

            _news.TrySetResult();
        }
    }

    public async Task<Listing> ListAsync(IReadOnlyList<PartitionId> window, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            _news = NewSignal();
        }

        var listing = await sweep.ListAsync(window, cancellationToken).ConfigureAwait(false);
        lock (_gate)
        {
            return Merge(listing);
        }
    }

    public Task<PartitionId?> FindEarliestAsync(CancellationToken cancellationToken) => sweep.FindEarliestAsync(cancellationToken);

    public async Task WaitAsync(TimeSpan atMost, CancellationToken cancellationToken)
    {
        Task news;
        lock (_gate)
        {
            news = _news.Task;
        }

        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAny(news, sweep.WaitAsync(atMost, over.Token)).ConfigureAwait(false);
        await over.CancelAsync().ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
    }

    private void Take(PartitionId partition, string key, ObjectEntry? created)
    {
        if (!_told.TryGetValue(partition, out var entries))
        {
            if (created is null || _held >= MostHeld)
            {
                return;
            }

            _told[partition] = entries = new(StringComparer.Ordinal);
        }

        if (created is null)
        {
            _held -= entries.Remove(key) ? 1 : 0;
            if (entries.Count == 0)
            {
                _told.Remove(partition);
            }
        }
        else if (entries.TryGetValue(key, out var before))
        {
            entries[key] = before.LastModified <= created.LastModified ? created : before;
        }
        else if (_held < MostHeld)
        {
            entries.Add(key, created);
            _held++;
        }
    }

    /// <summary>Adds what the listing does not show yet, and forgets what it shows and what is older than the window.</summary>
    private Listing Merge(Listing listing)
    {
        if (_told.Count == 0 || listing.Window.Count == 0)
        {
            return listing;
        }

        foreach (var old in _told.Keys.Where(partition => partition.CompareTo(listing.Window[0]) < 0).ToArray())
        {
            _told.Remove(old);
        }

        var partitions = new Dictionary<PartitionId, ListedPartition>(listing.Partitions);
        foreach (var partition in listing.Window)
        {
            if (!_told.TryGetValue(partition, out var told))
            {
                continue;
            }

            var listed = listing.Of(partition);
            foreach (var shown in listed.Objects)
            {
                if (told.TryGetValue(shown.Key, out var entry) && entry.LastModified <= shown.LastModified.AddSeconds(1))
                {
                    told.Remove(shown.Key);
                }
            }

            if (told.Count == 0)
            {
                _told.Remove(partition);
            }
            else
            {
                partitions[partition] = Merge(listed, told);
            }
        }

        _held = _told.Values.Sum(entries => entries.Count);
        return listing with { Partitions = partitions };
    }

    private ListedPartition Merge(ListedPartition listed, Dictionary<string, ObjectEntry> told)
    {
        var merged = new ListedPartition(layout.Depth);
        foreach (var entry in listed.Objects.Where(entry => !told.ContainsKey(entry.Key)).Concat(told.Values).OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            merged.Add(entry, marker);
        }

        if (listed.IsMarked)
        {
            merged.Add(new ObjectEntry(marker, "", 0, default), marker);
        }

        return merged;
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
