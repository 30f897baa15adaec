namespace Hybrid.Pipeline.ObjectStore;

/// <summary>The object store below one prefix of one bucket. Keys are relative to the prefix.</summary>
public interface IObjectStore
{
    /// <summary>Makes the bucket when it is not there.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    Task EnsureBucketAsync(CancellationToken cancellationToken);

    /// <summary>Lists objects in the order of their keys, page by page.</summary>
    /// <param name="prefix">What the keys begin with.</param>
    /// <param name="startAfter">Only keys after this one; null for all.</param>
    /// <param name="cancellationToken">Gives up.</param>
    IAsyncEnumerable<ObjectEntry> ListAsync(string prefix, string? startAfter, CancellationToken cancellationToken);

    /// <summary>Opens an object for reading from its begin.</summary>
    /// <param name="key">The key.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The object, or null when there is none.</returns>
    Task<ObjectContent?> OpenAsync(string key, CancellationToken cancellationToken);

    /// <summary>Writes an object whole.</summary>
    /// <param name="key">The key.</param>
    /// <param name="content">A seekable stream.</param>
    /// <param name="ifMatch">Null to write always, <c>*none*</c> (<see cref="ObjectCondition.Absent"/>) only when absent, else only over this ETag.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The new ETag, or null when the condition did not hold.</returns>
    Task<string?> PutAsync(string key, Stream content, string? ifMatch, CancellationToken cancellationToken);
}

/// <summary>Conditions of a put.</summary>
public static class ObjectCondition
{
    /// <summary>Write only when there is no object under the key.</summary>
    public const string Absent = "*none*";
}

/// <summary>An object as a listing shows it.</summary>
/// <param name="Key">The key, relative to the store's prefix.</param>
/// <param name="ETag">Its ETag, without quotes.</param>
/// <param name="Size">Its size, bytes.</param>
/// <param name="LastModified">When it was written, by the store's clock, UTC.</param>
public sealed record ObjectEntry(string Key, string ETag, long Size, DateTimeOffset LastModified);

/// <summary>An object being read.</summary>
/// <param name="Entry">What it is.</param>
/// <param name="Body">Its bytes; reading is streaming.</param>
public sealed record ObjectContent(ObjectEntry Entry, Stream Body) : IAsyncDisposable
{
    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Body.DisposeAsync();
}
