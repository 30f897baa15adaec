using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Hybrid.Sandbox.Faults;
using Hybrid.Sandbox.Faults.S3;
using Hybrid.Sandbox.S3.Protocol;
using Microsoft.Win32.SafeHandles;

namespace Hybrid.Sandbox.S3.Storage;

/// <summary>
/// One bucket: a directory of object files named by the SHA-256 of their key, so that no key can name a path, and the index of them
/// in memory. Every change is one rename or deletion, journalled before and done together with the index's under one lock.
/// </summary>
internal sealed class Bucket : IDisposable
{
    private const string BrokenSuffix = ".broken";

    private readonly Lock _lock = new();
    private readonly string _directory;
    private readonly string _journalPath;
    private readonly ListingFaults _listings;
    private readonly Disk _disk;
    private KeyIndex _index = new();
    private KeyJournal? _journal;
    private bool _deleted;

    /// <param name="name">The bucket's name.</param>
    /// <param name="directory">Where its objects are; exists.</param>
    /// <param name="journalPath">Where its journal is, or is to be.</param>
    /// <param name="listings">What listings show on demand.</param>
    /// <param name="disk">Where it is written.</param>
    public Bucket(string name, string directory, string journalPath, ListingFaults listings, Disk disk)
    {
        Name = name;
        _directory = directory;
        _journalPath = journalPath;
        _listings = listings;
        _disk = disk;
        Created = new DateTimeOffset(Directory.GetCreationTimeUtc(directory), TimeSpan.Zero);
    }

    public string Name { get; }

    public DateTimeOffset Created { get; }

    private KeyJournal Journal => _journal ?? throw new InvalidOperationException("The bucket was not loaded.");

    /// <summary>Fills the index from the journal, or where that cannot be trusted from the files.</summary>
    /// <returns>Files that are no whole object and were set aside.</returns>
    public IReadOnlyList<string> Load(CancellationToken cancellationToken)
    {
        string? last = null;
        _journal = KeyJournal.Open(
            _journalPath,
            _disk,
            (key, entry) =>
            {
                last = key;
                Apply(key, entry);
            },
            cancellationToken);
        if (_journal is null)
        {
            return Scan(cancellationToken);
        }

        return last is null ? [] : Settle(last);
    }

    public void Dispose() => _journal?.Dispose();

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
        lock (_lock)
        {
            Settle(key);
        }

        throw S3Exception.InternalError($"The file of key '{key}' is damaged and was set aside; put the object again.");
    }

    /// <summary>Makes a finished file the object of its key, if the condition holds at that moment.</summary>
    /// <exception cref="S3Exception">The condition failed, or the bucket was deleted meanwhile.</exception>
    public void Commit(string finishedFile, StoredObject entry, PutCondition condition)
    {
        var path = PathOf(entry.Key);
        lock (_lock)
        {
            if (_deleted)
            {
                throw S3Exception.NoSuchBucket(Name);
            }

            var current = _index.Find(entry.Key);
            condition.Check(entry.Key, current);
            Change(entry.Key, _listings.Keep(Name, entry, current), () => Place(finishedFile, path));
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
            Change(key, null, () => File.Delete(PathOf(key)));
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
            Journal.Dispose();
            File.Delete(_journalPath);
        }
    }

    /// <summary>Journals a change, makes it and shows it.</summary>
    private void Change(string key, StoredObject? entry, Action make)
    {
        try
        {
            Journal.Append(key, entry);
        }
        catch (IOException) when (entry is null)
        {
            // A deletion is what makes room on a full disk.
            Journal.Abandon();
        }

        try
        {
            make();
        }
        catch
        {
            Journal.Undo();
            throw;
        }

        Apply(key, entry);
        Journal.Trim(_index);
    }

    private static void Place(string finishedFile, string path)
    {
        try
        {
            File.Move(finishedFile, path, overwrite: true);
        }
        catch (DirectoryNotFoundException)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.Move(finishedFile, path, overwrite: true);
        }
    }

    private void Apply(string key, StoredObject? entry)
    {
        if (entry is null)
        {
            _index.Remove(key);
        }
        else
        {
            _index.Set(entry);
        }
    }

    /// <summary>Holds what is known of a key to its file: a kill may have come between the journal's change and the file's.</summary>
    /// <returns>The file, if it was no whole object and was set aside.</returns>
    private IReadOnlyList<string> Settle(string key)
    {
        var path = PathOf(key);
        var there = File.Exists(path);
        var entry = there ? Describe(path, key) : null;
        if (there && entry is null)
        {
            File.Move(path, path + BrokenSuffix, overwrite: true);
        }

        var known = _index.Find(key);
        if (entry?.ETag != known?.ETag || entry?.LastModified != known?.LastModified || entry?.Tags != known?.Tags)
        {
            Change(key, entry, static () => { });
        }

        return there && entry is null ? [path] : [];
    }

    private IReadOnlyList<string> Scan(CancellationToken cancellationToken)
    {
        var broken = new ConcurrentBag<string>();
        var entries = new ConcurrentBag<StoredObject>();
        var files = Directory.EnumerateFiles(_directory, "*", SearchOption.AllDirectories)
            .Where(static path => !path.EndsWith(BrokenSuffix, StringComparison.Ordinal));
        Parallel.ForEach(files, new ParallelOptions { CancellationToken = cancellationToken }, path =>
        {
            if (Describe(path, null) is { } entry)
            {
                entries.Add(entry);
            }
            else
            {
                File.Move(path, path + BrokenSuffix, overwrite: true);
                broken.Add(path);
            }
        });

        _index = new KeyIndex();
        foreach (var entry in entries)
        {
            _index.Set(entry);
        }

        _journal = KeyJournal.Create(_journalPath, _disk, _index);
        return [.. broken];
    }

    /// <returns>What the file says, or null when it is no whole object, or not that of the key or of any.</returns>
    private StoredObject? Describe(string path, string? key)
    {
        using var file = File.OpenHandle(path);
        return ObjectFile.ReadDescription(file) is { } entry && (key is null ? PathOf(entry.Key) == path : entry.Key == key) ? entry : null;
    }

    private string PathOf(string key)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(key), hash);
        var name = Convert.ToHexStringLower(hash);
        return Path.Combine(_directory, name[..2], name);
    }
}
