using System.Diagnostics;
using System.Runtime.CompilerServices;
using Hybrid.Contracts.Partitions;
using Hybrid.Contracts.Records;
using Hybrid.Pipeline.Discovery;
using Hybrid.Pipeline.Hosting;
using Hybrid.Pipeline.ObjectStore;
using Hybrid.Pipeline.Planning;
using Hybrid.Pipeline.Solr;
using Hybrid.Pipeline.Windows;
using Microsoft.Extensions.Logging;

namespace Hybrid.Lanes.Objects;

/// <summary>
/// The signals of the window as the object store has them. It can be counted anew at any time, since the objects of the window are all there:
/// so nothing of it is kept but in memory, a replaced object corrects the sums, and whatever an index shows that the store does not is
/// set to none.
/// </summary>
/// <param name="parts">The lane's parts.</param>
/// <param name="layout">How partitions are laid out.</param>
/// <param name="discovery">Finds the objects.</param>
/// <param name="intake">Reads them.</param>
/// <param name="reader">The index.</param>
internal sealed class StoreWindow(ObjectLaneParts parts, PartitionLayout layout, IDiscoverySource discovery, ObjectIntake intake, SolrReader reader)
{
    private const int StatesAtOnce = 2_000;

    private readonly ILogger _logger = parts.Loggers.CreateLogger("Hybrid.Lanes");
    private readonly List<DocumentSignals> _states = [];

    /// <summary>The window; null when signals are not counted.</summary>
    public SignalWindow? Window { get; private set; } = parts.Window.IsOn ? new SignalWindow(parts.Window) : null;

    /// <summary>Begins with an empty window.</summary>
    public void Clear() => Window = Window is null ? null : new SignalWindow(parts.Window);

    /// <summary>
    /// Counts the window anew from the objects that a state knows, and those of partitions that it need not know any more. What it
    /// does not know yet is left to be taken as new.
    /// </summary>
    /// <param name="state">What is indexed.</param>
    /// <param name="all">Whether what the state does not know counts too.</param>
    /// <param name="stopping">Gives up.</param>
    public async Task RebuildAsync(PublishState state, bool all, CancellationToken stopping)
    {
        if (Window is null)
        {
            return;
        }

        Clear();
        var began = Stopwatch.GetTimestamp();
        var end = state.Watermark.ToUnixTimeMilliseconds();
        var known = state.Watermark - (parts.Objects.OverlapPartitions * layout.Period);
        var begin = DateTimeOffset.FromUnixTimeMilliseconds(parts.Window.Begin(end));
        var objects = 0L;

        // Also of the partition at the watermark some objects may be indexed already: a drain ends between objects.
        await foreach (var (partition, listed) in PartitionsAsync(begin, all ? state.Watermark : state.Watermark + layout.Period, stopping).ConfigureAwait(false))
        {
            var isKnown = !all && partition.Start >= known && !(partition.Start < state.Floor) ? state.Known(partition) : null;
            foreach (var entry in listed.Objects)
            {
                if (isKnown is null || isKnown.GetValueOrDefault(entry.Key)?.ETag == entry.ETag)
                {
                    objects += await CountAsync(partition, entry, stopping).ConfigureAwait(false);
                }
            }
        }

        Window.Advance(end);
        if (objects > 0)
        {
            _logger.Recounted(state.Watermark, objects, Window.Documents, Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        }
    }

    /// <summary>Hands over the states that changed.</summary>
    /// <returns>How many.</returns>
    public async Task<long> WriteAsync(BatchFeed feed)
    {
        _states.Clear();
        Window?.Drain(_states);
        await feed.AddAsync(_states).ConfigureAwait(false);
        return _states.Count;
    }

    /// <summary>Hands over an empty state for every document of which the index shows signals and the window has none.</summary>
    /// <returns>How many.</returns>
    public async Task<long> ClearOthersAsync(BatchFeed feed, CancellationToken stopping)
    {
        if (Window?.End is not { } end)
        {
            return 0;
        }

        var (version, cleared) = (SignalsVersion.Create(end, 0), 0L);
        try
        {
            await parts.SolrAdmin.CommitAsync(reader.Collection, stopping).ConfigureAwait(false);
            _states.Clear();
            await foreach (var id in reader.ShowingSignalsAsync(stopping).ConfigureAwait(false))
            {
                if (Window.Counts(id))
                {
                    continue;
                }

                _states.Add(new DocumentSignals { DocumentId = id, Version = version });
                cleared++;
                if (_states.Count == StatesAtOnce)
                {
                    await feed.AddAsync(_states).ConfigureAwait(false);
                    _states.Clear();
                }
            }
        }
        catch (SolrException failure)
        {
            throw HybridException.Unreachable($"the collection '{reader.Collection}' cannot be read ({failure.Message}): start Solr or correct Solr:Url", failure);
        }

        await feed.AddAsync(_states).ConfigureAwait(false);
        return cleared;
    }

    /// <summary>Lists partitions, however many they are, in their order.</summary>
    /// <param name="from">Event time; the partition that it falls into is the first.</param>
    /// <param name="to">Event time; partitions that begin before it are listed.</param>
    /// <param name="stopping">Gives up.</param>
    public async IAsyncEnumerable<(PartitionId Partition, ListedPartition Listed)> PartitionsAsync(
        DateTimeOffset from, DateTimeOffset to, [EnumeratorCancellation] CancellationToken stopping)
    {
        const int AtOnce = 4_096;
        var next = PartitionId.Containing(from, layout.Period);
        while (next.Start < to)
        {
            var wanted = new List<PartitionId>();
            for (var partition = next; partition.Start < to && wanted.Count < AtOnce; partition = partition.Next)
            {
                wanted.Add(partition);
            }

            var listing = await discovery.ListAsync(wanted, stopping).ConfigureAwait(false);
            foreach (var partition in listing.Window)
            {
                yield return (partition, listing.Of(partition));
            }

            next = listing.Window[^1].Next;
        }
    }

    private async Task<long> CountAsync(PartitionId partition, ObjectEntry entry, CancellationToken stopping)
    {
        await using var content = await parts.Store.OpenAsync(entry.Key, stopping).ConfigureAwait(false);
        if (content is null || content.Entry.ETag != entry.ETag)
        {
            return 0;
        }

        await intake.ReadAsync(content, new ObjectPlace(partition, entry.Key, entry.ETag, 0), null, null, Window, stopping).ConfigureAwait(false);
        return 1;
    }
}
