using System.Runtime.CompilerServices;
using Hybrid.Pipeline.Hosting;

namespace Hybrid.Comparison.Load.Input;

/// <summary>Partitions in a directory.</summary>
/// <param name="root">The directory.</param>
internal sealed class DirectoryInput(string root) : IPartitionInput
{
    private readonly string _root = Path.GetFullPath(root);

    /// <inheritdoc/>
    public string Description => _root;

    /// <inheritdoc/>
    public async IAsyncEnumerable<InputEntry> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (!Directory.Exists(_root))
        {
            throw HybridException.WrongCall(File.Exists(_root)
                ? $"the input {_root} is a file: give the directory that holds the partitions"
                : $"the input directory {_root} does not exist: give one with partitions, or make one with 'hybrid generate' or 'hybrid import'");
        }

        List<InputEntry> entries;
        try
        {
            entries = await Task.Run(
                () => new DirectoryInfo(_root)
                    .EnumerateFiles("*", new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = false, AttributesToSkip = FileAttributes.Hidden })
                    .Select(file => new InputEntry(Path.GetRelativePath(_root, file.FullName).Replace(Path.DirectorySeparatorChar, '/'), file.Length))
                    .OrderBy(entry => entry.Key, StringComparer.Ordinal)
                    .ToList(),
                cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw HybridException.WrongCall($"the input directory {_root} cannot be read ({failure.Message}): correct its permissions");
        }

        foreach (var entry in entries)
        {
            yield return entry;
        }
    }

    /// <inheritdoc/>
    public Task<Stream> OpenAsync(string key, CancellationToken cancellationToken)
    {
        var path = Path.Combine(_root, key);
        try
        {
            return Task.FromResult<Stream>(new FileStream(
                path, FileMode.Open, FileAccess.Read, FileShare.Read, 64 * 1024, FileOptions.Asynchronous | FileOptions.SequentialScan));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw HybridException.WrongCall($"the input file {path} cannot be read ({failure.Message})");
        }
    }
}
