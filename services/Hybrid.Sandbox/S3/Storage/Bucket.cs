using System.Security.Cryptography;
using System.Text;
using Hybrid.Sandbox.Faults.S3;
using Hybrid.Sandbox.S3.Protocol;
using Microsoft.Win32.SafeHandles;

namespace Hybrid.Sandbox.S3.Storage;

/// <summary>
/// One bucket: a directory of object files named by the SHA-256 of their key, so that no key can name a path, and the index of them
/// in memory. Every change is one rename or deletion, done together with the index's under one lock.
/// </summary>
internal sealed class Bucket
{
    private readonly Lock _lock = new();
    private readonly KeyIndex _index = new();
    private readonly string _directory;
    private readonly ListingFaults _listings;
    private bool _deleted;

    public Bucket(string name, string directory, ListingFaults listings)
    {
        Name = name;
        _directory = directory;
        _listings = listings;
        Created = new DateTimeOffset(Directory.GetCreationTimeUtc(directory), TimeSpan.Zero);
    }

    public string Name { get; }

    public DateTimeOffset Created { get; }

    /// <summary>Fills the index from the files; a file that is no whole object is set aside.</summary>
    /// <returns>The files set aside.</returns>
    public IReadOnlyList<string> Load()
    {
        var broken = new List<string>();
        foreach (var path in Directory.EnumerateFiles(_directory, "*", SearchOption.AllDirectories))
        {
            if (path.EndsWith(".broken", StringComparison.Ordinal))
            {
                continue;
            }

            using var file = File.OpenHandle(path);
            if (ObjectFile.ReadDescription(file) is { } entry && PathOf(entry.Key) == path)
            {
                _index.Set(entry);
            }
            else
            {
                File.Move(path, path + ".broken", overwrite: true);
                broken.Add(path);
            }
        }

        return broken;
    }

    public StoredObject? Find(string key)
    {
        lock (_lock)
        {
            return _index.Find(key);
        }
    }

    public ListPage List(ListQuery query)
    {
        lock (_lock)
        {
            return _index.List(query);
        }
    }

    /// <summary>Opens an object for reading. What was opened stays readable whatever becomes of the key.</summary>
    /// <exception cref="S3Exception">NoSuchKey.</exception>
    public (SafeFileHandle File, StoredObject Entry) Open(string key)
    {
        SafeFileHandle file;
        try
        {
            file = File.OpenHandle(PathOf(key), options: FileOptions.Asynchronous, share: FileShare.ReadWrite | FileShare.Delete);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw S3Exception.NoSuchKey(key);
        }

        if (ObjectFile.ReadDescription(file) is { } entry)
        {
            return (file, entry);
        }

        file.Dispose();
        throw S3Exception.InternalError($"The file of key '{key}' is damaged.");
    }

    /// <summary>Makes a finished file the object of its key, if the condition holds at that moment.</summary>
    /// <exception cref="S3Exception">The condition failed, or the bucket was deleted meanwhile.</exception>
    public void Commit(string finishedFile, StoredObject entry, PutCondition condition)
    {
        var path = PathOf(entry.Key);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        lock (_lock)
        {
            if (_deleted)
            {
                throw S3Exception.NoSuchBucket(Name);
            }

            var current = _index.Find(entry.Key);
            condition.Check(entry.Key, current);
            File.Move(finishedFile, path, overwrite: true);
            _index.Set(_listings.Keep(Name, entry, current));
        }
    }

    /// <summary>Deletes an object, if the condition holds; a key without object is no error.</summary>
    public void Delete(string key, PutCondition condition)
    {
        lock (_lock)
        {
            var current = _index.Find(key);
            if (current is null)
            {
                return;
            }

            condition.Check(key, current);
            File.Delete(PathOf(key));
            _index.Remove(key);
        }
    }

    /// <summary>Moves the empty bucket's directory away, after which it takes no more objects.</summary>
    /// <exception cref="S3Exception">BucketNotEmpty.</exception>
    public void Retire(string destination)
    {
        lock (_lock)
        {
            if (_index.Count > 0)
            {
                throw S3Exception.BucketNotEmpty(Name);
            }

            Directory.Move(_directory, destination);
            _deleted = true;
        }
    }

    private string PathOf(string key)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(key), hash);
        var name = Convert.ToHexStringLower(hash);
        return Path.Combine(_directory, name[..2], name);
    }
}
