using Hybrid.Comparison.Load.Input;
using Hybrid.Pipeline.Hosting;
using Hybrid.Pipeline.ObjectStore;

namespace Hybrid.Comparison.Load.Replay;

/// <summary>Puts each object into the object store when it is due: an open model, which does not wait for anybody.</summary>
/// <param name="input">Where the objects come from.</param>
/// <param name="store">Where they go.</param>
/// <param name="clock">Maps event time onto wall time.</param>
internal sealed class PartitionReplayer(IPartitionInput input, IObjectStore store, EventClock clock)
{
    private const int Concurrency = 4;

    private readonly List<double> _lateness = [];
    private int _put;

    /// <summary>How late each object's put began, seconds; the generator's own lag. Read it once <see cref="RunAsync"/> has ended.</summary>
    public IReadOnlyList<double> Lateness => _lateness;

    /// <summary>Objects put so far.</summary>
    public int Put => Volatile.Read(ref _put);

    /// <summary>When an object is put, wall time.</summary>
    public static DateTimeOffset DueOf(InputPartition partition, InputObject entry, EventClock clock) =>
        clock.ToWall(partition.Id.End + entry.Delay);

    /// <summary>Puts all objects.</summary>
    /// <param name="partitions">The partitions; the markers of a partition are put after its other objects.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task RunAsync(IReadOnlyList<InputPartition> partitions, CancellationToken cancellationToken)
    {
        var groups = partitions
            .SelectMany(partition => partition.Objects.Select(entry => (Entry: entry, Due: DueOf(partition, entry, clock))))
            .GroupBy(item => (item.Due, Marker: InputObject.IsMarker(item.Entry.Key)))
            .OrderBy(group => group.Key.Due)
            .ThenBy(group => group.Key.Marker);
        foreach (var group in groups)
        {
            var next = group.First().Entry.Key;
            var first = await input.OpenAsync(next, cancellationToken).ConfigureAwait(false);
            try
            {
                await WaitUntilAsync(group.Key.Due, cancellationToken).ConfigureAwait(false);
                await Parallel.ForEachAsync(
                    group,
                    new ParallelOptions { MaxDegreeOfParallelism = Concurrency, CancellationToken = cancellationToken },
                    async (item, token) => await PutAsync(item.Entry.Key, item.Entry.Key == next ? first : null, item.Due, token).ConfigureAwait(false))
                    .ConfigureAwait(false);
            }
            finally
            {
                await first.DisposeAsync().ConfigureAwait(false);
            }
        }
    }

    private async Task PutAsync(string key, Stream? opened, DateTimeOffset due, CancellationToken cancellationToken)
    {
        var late = (clock.WallNow - due).TotalSeconds;
        lock (_lateness)
        {
            _lateness.Add(Math.Max(0, late));
        }

        var body = opened ?? await input.OpenAsync(key, cancellationToken).ConfigureAwait(false);
        await using (body.ConfigureAwait(false))
        {
            await store.PutAsync(key, body, null, cancellationToken).ConfigureAwait(false);
        }

        Interlocked.Increment(ref _put);
    }

    private async Task WaitUntilAsync(DateTimeOffset wall, CancellationToken cancellationToken)
    {
        var wait = wall - clock.WallNow;
        if (wait > TimeSpan.Zero)
        {
            await Task.Delay(wait, clock, cancellationToken).ConfigureAwait(false);
        }
    }
}
