using System.Globalization;
using System.Runtime.CompilerServices;
using Hybrid.Pipeline.ObjectStore;

namespace Hybrid.Unit.Tests.Lanes.Objects;

/// <summary>A store in memory that keeps the conditions of a put, as S3 does.</summary>
internal sealed class ConditionalStore : IObjectStore
{
    private readonly SortedDictionary<string, (byte[] Content, string ETag)> _objects = new(StringComparer.Ordinal);
    private int _puts;

    /// <summary>Whether the answer to the next put is lost, so that the client tries it again.</summary>
    public bool LosesAnAnswer { get; set; }

    public IEnumerable<string> Keys => _objects.Keys;

    public byte[] this[string key] => _objects[key].Content;

    public Task EnsureBucketAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async IAsyncEnumerable<ObjectEntry> ListAsync(string prefix, string? startAfter, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.Yield();
        foreach (var (key, (content, etag)) in _objects.Where(pair => pair.Key.StartsWith(prefix, StringComparison.Ordinal)))
        {
            yield return new ObjectEntry(key, etag, content.Length, DateTimeOffset.UnixEpoch);
        }
    }

    public Task<ObjectContent?> OpenAsync(string key, CancellationToken cancellationToken) => Task.FromResult(
        _objects.TryGetValue(key, out var found)
            ? new ObjectContent(new ObjectEntry(key, found.ETag, found.Content.Length, DateTimeOffset.UnixEpoch), new MemoryStream(found.Content))
            : null);

    public Task<string?> PutAsync(string key, Stream content, string? ifMatch, CancellationToken cancellationToken)
    {
        var buffer = new MemoryStream();
        content.CopyTo(buffer);
        var etag = Put(key, buffer.ToArray(), ifMatch);
        if (LosesAnAnswer)
        {
            LosesAnAnswer = false;
            etag = Put(key, buffer.ToArray(), ifMatch);
        }

        return Task.FromResult(etag);
    }

    private string? Put(string key, byte[] content, string? ifMatch)
    {
        var found = _objects.TryGetValue(key, out var before) ? before.ETag : ObjectCondition.Absent;
        if (ifMatch is not null && ifMatch != found)
        {
            return null;
        }

        var etag = (++_puts).ToString(CultureInfo.InvariantCulture);
        _objects[key] = (content, etag);
        return etag;
    }
}
