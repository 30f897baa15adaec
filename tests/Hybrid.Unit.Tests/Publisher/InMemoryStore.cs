using System.Runtime.CompilerServices;
using Hybrid.Pipeline.ObjectStore;

namespace Hybrid.Unit.Tests.Publisher;

/// <summary>The objects of a simulated store; counts its listings and the requests that they take, a thousand keys each as S3 gives them.</summary>
internal sealed class InMemoryStore : IObjectStore
{
    private const int PageKeys = 1_000;

    private readonly Lock _lock = new();
    private int _open;

    public SortedSet<string> Keys { get; } = new(StringComparer.Ordinal);

    public List<(string Prefix, int Seen)> Listings { get; } = [];

    public int Requests { get; private set; }

    public int MostAtOnce { get; private set; }

    /// <summary>Awaited at the begin of a listing, by its number from 0.</summary>
    public Func<int, Task> BeforeListing { get; init; } = static _ => Task.CompletedTask;

    public Task EnsureBucketAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async IAsyncEnumerable<ObjectEntry> ListAsync(
        string prefix, string? startAfter, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        int listing;
        lock (_lock)
        {
            listing = Listings.Count;
            Listings.Add((prefix, 0));
            MostAtOnce = Math.Max(MostAtOnce, ++_open);
            Requests++;
        }

        try
        {
            await Task.Yield();
            await BeforeListing(listing);
            var first = startAfter is null || string.CompareOrdinal(startAfter, prefix) < 0 ? prefix : startAfter;
            foreach (var key in Keys.GetViewBetween(first, prefix + '\uffff').Where(key => key != startAfter))
            {
                lock (_lock)
                {
                    Listings[listing] = (prefix, Listings[listing].Seen + 1);
                    Requests += Listings[listing].Seen % PageKeys == 0 ? 1 : 0;
                }

                yield return new ObjectEntry(key, "e", 1, DateTimeOffset.UnixEpoch);
            }
        }
        finally
        {
            lock (_lock)
            {
                _open--;
            }
        }
    }

    public Task<ObjectContent?> OpenAsync(string key, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<string?> PutAsync(string key, Stream content, string? ifMatch, CancellationToken cancellationToken) => throw new NotSupportedException();
}
