using Hybrid.Pipeline.ObjectStore;

namespace Hybrid.Unit.Tests.Publisher;

/// <summary>The objects of a simulated store; counts its listings.</summary>
internal sealed class InMemoryStore : IObjectStore
{
    public SortedDictionary<string, string> ETags { get; } = new(StringComparer.Ordinal);

    public List<(string Prefix, string? StartAfter, int Seen)> Listings { get; } = [];

    public Task EnsureBucketAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async IAsyncEnumerable<ObjectEntry> ListAsync(
        string prefix, string? startAfter, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        Listings.Add((prefix, startAfter, 0));
        var listing = Listings.Count - 1;
        foreach (var (key, etag) in ETags.Where(pair =>
            pair.Key.StartsWith(prefix, StringComparison.Ordinal) && (startAfter is null || string.CompareOrdinal(pair.Key, startAfter) > 0)))
        {
            Listings[listing] = Listings[listing] with { Seen = Listings[listing].Seen + 1 };
            yield return new ObjectEntry(key, etag, 1, DateTimeOffset.UnixEpoch);
        }
    }

    public Task<ObjectContent?> OpenAsync(string key, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<string?> PutAsync(string key, Stream content, string? ifMatch, CancellationToken cancellationToken) => throw new NotSupportedException();
}
