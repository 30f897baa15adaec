using System.Collections.Concurrent;
using Hybrid.Sandbox.Faults;
using Hybrid.Sandbox.Faults.S3;
using Hybrid.Sandbox.S3.Protocol;

namespace Hybrid.Sandbox.S3.Storage;

/// <summary>
/// All buckets of one data directory: <c>buckets/NAME</c>, their journals <c>index/NAME</c>, <c>uploads</c> (multipart) and <c>tmp</c>,
/// emptied at start.
/// </summary>
internal sealed class BucketStore : IDisposable
{
    private readonly ConcurrentDictionary<string, Bucket> _buckets = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();
    private readonly string _bucketsDirectory;
    private readonly string _indexDirectory;
    private readonly string _temporaryDirectory;
    private readonly string _uploadsDirectory;
    private long _temporaryFiles;

    public BucketStore(string directory, ServiceFaults faults)
    {
        Disk = new Disk(faults);
        Listings = new ListingFaults(faults, TimeProvider.System);
        _bucketsDirectory = Path.Combine(directory, "buckets");
        _indexDirectory = Path.Combine(directory, "index");
        _temporaryDirectory = Path.Combine(directory, "tmp");
        _uploadsDirectory = Path.Combine(directory, "uploads");
        Uploads = new MultipartUploads(_uploadsDirectory);
    }

    public MultipartUploads Uploads { get; }

    /// <summary>What files are written through.</summary>
    public Disk Disk { get; }

    /// <summary>How listings differ from what is stored.</summary>
    public ListingFaults Listings { get; }

    /// <summary>Every bucket, sorted by name.</summary>
    public IReadOnlyList<Bucket> Buckets => [.. _buckets.Values.OrderBy(bucket => bucket.Name, StringComparer.Ordinal)];

    /// <summary>Reads what is there and removes what an interrupted run left half done.</summary>
    /// <returns>Damaged object files that were set aside.</returns>
    public IReadOnlyList<string> Load(CancellationToken cancellationToken)
    {
        if (Directory.Exists(_temporaryDirectory))
        {
            Directory.Delete(_temporaryDirectory, recursive: true);
        }

        Directory.CreateDirectory(_bucketsDirectory);
        Directory.CreateDirectory(_indexDirectory);
        Directory.CreateDirectory(_temporaryDirectory);
        Directory.CreateDirectory(_uploadsDirectory);

        foreach (var journal in Directory.EnumerateFiles(_indexDirectory))
        {
            if (!Directory.Exists(Path.Combine(_bucketsDirectory, Path.GetFileName(journal))))
            {
                File.Delete(journal);
            }
        }

        var broken = new List<string>();
        foreach (var directory in Directory.EnumerateDirectories(_bucketsDirectory))
        {
            var bucket = NewBucket(Path.GetFileName(directory));
            _buckets[bucket.Name] = bucket;
            broken.AddRange(bucket.Load(cancellationToken));
        }

        return broken;
    }

    /// <exception cref="S3Exception">NoSuchBucket.</exception>
    public Bucket Get(string name) => _buckets.TryGetValue(name, out var bucket) ? bucket : throw S3Exception.NoSuchBucket(name);

    /// <exception cref="S3Exception">InvalidBucketName or BucketAlreadyOwnedByYou.</exception>
    public void Create(string name)
    {
        if (!IsValidName(name))
        {
            throw S3Exception.InvalidBucketName(name);
        }

        lock (_lock)
        {
            if (_buckets.ContainsKey(name))
            {
                throw S3Exception.BucketAlreadyOwnedByYou(name);
            }

            Disk.Claim();
            Directory.CreateDirectory(Path.Combine(_bucketsDirectory, name));
            var bucket = NewBucket(name);
            bucket.Load(CancellationToken.None);
            _buckets[name] = bucket;
        }
    }

    /// <exception cref="S3Exception">NoSuchBucket or BucketNotEmpty.</exception>
    public void Delete(string name)
    {
        lock (_lock)
        {
            var retired = NewTemporaryPath();
            Get(name).Retire(retired);
            _buckets.TryRemove(name, out _);
            Directory.Delete(retired, recursive: true);
        }
    }

    /// <summary>A path for a new file on the same file system as the objects.</summary>
    public string NewTemporaryPath() =>
        Path.Combine(_temporaryDirectory, $"{Interlocked.Increment(ref _temporaryFiles):x}");

    public void Dispose()
    {
        foreach (var bucket in _buckets.Values)
        {
            bucket.Dispose();
        }
    }

    private Bucket NewBucket(string name) =>
        new(name, Path.Combine(_bucketsDirectory, name), Path.Combine(_indexDirectory, name), Listings, Disk);

    private static bool IsValidName(string name) =>
        name.Length is >= 3 and <= 63
        && name.All(static c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '.' or '-')
        && char.IsAsciiLetterOrDigit(name[0])
        && char.IsAsciiLetterOrDigit(name[^1])
        && !name.Contains("..", StringComparison.Ordinal);
}
