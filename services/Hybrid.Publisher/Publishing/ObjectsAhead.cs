using Hybrid.Pipeline.ObjectStore;
using Hybrid.Pipeline.Planning;

namespace Hybrid.Publisher.Publishing;

/// <summary>
/// Opens the objects of a plan in their order, and a few small ones ahead, since with small objects the round trip is most of the time.
/// A large one is opened when its turn comes: its connection would stay idle until then.
/// </summary>
internal sealed class ObjectsAhead(IObjectStore store, IEnumerator<PlannedObject> planned, CancellationToken cancellationToken) : IAsyncDisposable
{
    private const int MostAhead = 8;
    private const long SmallBytes = 256 * 1024;

    private readonly Queue<(PlannedObject Planned, Task<ObjectContent?> Opening)> _ahead = new();
    private PlannedObject? _held;
    private bool _ended;

    /// <summary>Opens the next object.</summary>
    /// <returns>The object, or null when there is none under its key.</returns>
    public Task<ObjectContent?> NextAsync()
    {
        while (_ahead.Count < MostAhead && Peek() is { } next && (_ahead.Count == 0 || (IsSmall(next) && IsSmall(_ahead.Peek().Planned))))
        {
            _held = null;
            _ahead.Enqueue((next, store.OpenAsync(next.Entry.Key, cancellationToken)));
        }

        return _ahead.Dequeue().Opening;
    }

    public async ValueTask DisposeAsync()
    {
        while (_ahead.TryDequeue(out var left))
        {
            try
            {
                if (await left.Opening.ConfigureAwait(false) is { } content)
                {
                    await content.DisposeAsync().ConfigureAwait(false);
                }
            }
            catch (Exception)
            {
                // Nobody asked for it any more: whatever failed there fails again when it is asked for.
            }
        }

        planned.Dispose();
    }

    private static bool IsSmall(PlannedObject one) => one.Cursor is null && one.Entry.Size <= SmallBytes;

    private PlannedObject? Peek()
    {
        if (_held is null && !_ended)
        {
            _ended = !planned.MoveNext();
            _held = _ended ? null : planned.Current;
        }

        return _held;
    }
}
