using Hybrid.Pipeline.ObjectStore;

namespace Hybrid.EndToEnd.Tests.Publisher;

/// <summary>An object store that a test gets between: before an object is opened, and on the way of its bytes.</summary>
internal sealed class ObservedStore(IObjectStore inner) : IObjectStore
{
    /// <summary>Called before an object is opened.</summary>
    public Func<string, CancellationToken, Task> BeforeOpen { get; init; } = static (_, _) => Task.CompletedTask;

    /// <summary>Stands in for an object's bytes.</summary>
    public Func<string, Stream, Stream> Body { get; init; } = static (_, body) => body;

    /// <summary>Whether a listing shows an object.</summary>
    public Func<ObjectEntry, bool> Shows { get; init; } = static _ => true;

    /// <summary>Whether an object can be opened.</summary>
    public Func<string, bool> Finds { get; init; } = static _ => true;

    public Task EnsureBucketAsync(CancellationToken cancellationToken) => inner.EnsureBucketAsync(cancellationToken);

    public IAsyncEnumerable<ObjectEntry> ListAsync(string prefix, string? startAfter, CancellationToken cancellationToken) =>
        inner.ListAsync(prefix, startAfter, cancellationToken).Where(entry => Shows(entry));

    public async Task<ObjectContent?> OpenAsync(string key, CancellationToken cancellationToken)
    {
        await BeforeOpen(key, cancellationToken);
        if (!Finds(key))
        {
            return null;
        }

        var content = await inner.OpenAsync(key, cancellationToken);
        return content is null ? null : content with { Body = Body(key, content.Body) };
    }

    public Task<string?> PutAsync(string key, Stream content, string? ifMatch, CancellationToken cancellationToken) =>
        inner.PutAsync(key, content, ifMatch, cancellationToken);
}
