using Hybrid.Pipeline.Hosting;
using Hybrid.Pipeline.ObjectStore;

namespace Hybrid.Comparison.Load.Input;

/// <summary>Partitions in an object store.</summary>
/// <param name="store">The store, its root being the input's.</param>
/// <param name="address">Its address, for messages.</param>
internal sealed class ObjectStoreInput(IObjectStore store, string address) : IPartitionInput
{
    /// <inheritdoc/>
    public string Description => address;

    /// <inheritdoc/>
    public IAsyncEnumerable<InputEntry> ListAsync(CancellationToken cancellationToken) =>
        store.ListAsync("", null, cancellationToken).Select(entry => new InputEntry(entry.Key, entry.Size));

    /// <inheritdoc/>
    public async Task<Stream> OpenAsync(string key, CancellationToken cancellationToken)
    {
        var content = await store.OpenAsync(key, cancellationToken).ConfigureAwait(false)
            ?? throw HybridException.Failure($"the object {address}{key} was deleted while it was to be read: leave the input alone during a comparison");
        await using (content.ConfigureAwait(false))
        {
            var copy = new FileStream(
                Path.GetTempFileName(), FileMode.Create, FileAccess.ReadWrite, FileShare.None, 64 * 1024, FileOptions.Asynchronous | FileOptions.DeleteOnClose);
            await content.Body.CopyToAsync(copy, cancellationToken).ConfigureAwait(false);
            copy.Position = 0;
            return copy;
        }
    }
}
