namespace Hybrid.Comparison.Load.Input;

/// <summary>Where partitions are read from. Keys are relative to its root, with slashes.</summary>
internal interface IPartitionInput
{
    /// <summary>What it is, for messages and the report.</summary>
    string Description { get; }

    /// <summary>All objects, in the order of their keys.</summary>
    /// <exception cref="Pipeline.Hosting.HybridException">It is not there or cannot be read.</exception>
    IAsyncEnumerable<InputEntry> ListAsync(CancellationToken cancellationToken);

    /// <summary>Opens an object; the stream is seekable.</summary>
    Task<Stream> OpenAsync(string key, CancellationToken cancellationToken);
}

/// <summary>An object of the input.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Size">Its size, bytes.</param>
internal readonly record struct InputEntry(string Key, long Size);
