using Hybrid.Sandbox.Faults;
using Hybrid.Sandbox.S3.Protocol;
using Hybrid.Sandbox.S3.Storage;

namespace Hybrid.Sandbox.Tests.S3;

/// <summary>What a kill may leave between the journal's change and the file's.</summary>
public sealed class BucketRecoveryTests : IDisposable
{
    private const string Name = "bucket";

    private readonly TemporaryDirectory _directory = new();
    private BucketStore _store;

    public BucketRecoveryTests()
    {
        _store = Open();
        _store.Create(Name);
        Put("a", "old");
        Put("b", "old");
    }

    private string JournalPath => Path.Combine(_directory.Path, "index", Name);

    public void Dispose()
    {
        _store.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public void KilledBeforeAPutWasMade_TheOldObjectStands()
    {
        Journal("a", Entry("a", "new"));

        Assert.Equal(["a old", "b old"], Listed());
        Reopen();
        Assert.Equal(["a old", "b old"], Listed());
    }

    [Fact]
    public void KilledBeforeAFirstPutWasMade_ThereIsNoObject()
    {
        Journal("c", Entry("c", "new"));

        Assert.Equal(["a old", "b old"], Listed());
        Reopen();
        Assert.Equal(["a old", "b old"], Listed());
    }

    [Fact]
    public void KilledBeforeADeletionWasMade_TheObjectStands()
    {
        Journal("a", null);

        Assert.Equal(["a old", "b old"], Listed());
        Reopen();
        Assert.Equal(["a old", "b old"], Listed());
    }

    [Fact]
    public void WithoutJournal_TheObjectsAreReadFromTheirFiles()
    {
        _store.Dispose();
        File.Delete(JournalPath);
        Reopen();

        Assert.Equal(["a old", "b old"], Listed());
        Assert.True(File.Exists(JournalPath));
    }

    [Fact]
    public void DamagedJournal_IsMadeAnewFromTheFiles()
    {
        _store.Dispose();
        var bytes = File.ReadAllBytes(JournalPath);
        bytes[^10] ^= 1;
        File.WriteAllBytes(JournalPath, bytes);
        Reopen();
        Put("c", "new");
        Reopen();

        Assert.Equal(["a old", "b old", "c new"], Listed());
    }

    [Fact]
    public void JournalOfABucketThatIsNoMore_IsForgotten()
    {
        _store.Dispose();
        var journal = File.ReadAllBytes(JournalPath);
        Reopen();
        Bucket.Delete("a", PutCondition.None);
        Bucket.Delete("b", PutCondition.None);
        _store.Delete(Name);
        Assert.False(File.Exists(JournalPath));
        File.WriteAllBytes(JournalPath, journal);

        Reopen();
        _store.Create(Name);

        Assert.Empty(Listed());
    }

    [Fact]
    public void DamagedObject_IsSetAsideWhenItIsRead()
    {
        Put("whole", "x");
        var file = Directory.GetFiles(Path.Combine(_directory.Path, "buckets"), "*", SearchOption.AllDirectories)
            .Single(static path => File.ReadAllText(path).Contains("\"key\":\"a\"", StringComparison.Ordinal));
        File.WriteAllText(file, "damaged");
        Reopen();

        Assert.Equal("InternalError", Assert.Throws<S3Exception>(() => Bucket.Open("a")).Code);
        Assert.Equal("NoSuchKey", Assert.Throws<S3Exception>(() => Bucket.Open("a")).Code);
        Assert.Equal(["b old", "whole x"], Listed());
        Reopen();
        Assert.Equal(["b old", "whole x"], Listed());
        Assert.True(File.Exists(file + ".broken"));
    }

    private Bucket Bucket => _store.Get(Name);

    private static StoredObject Entry(string key, string etag) =>
        new() { Key = key, Size = 0, ETag = etag, LastModified = DateTimeOffset.UnixEpoch };

    private BucketStore Open()
    {
        var store = new BucketStore(_directory.Path, new ServiceFaults());
        Assert.Empty(store.Load(CancellationToken.None));
        return store;
    }

    private void Reopen()
    {
        _store.Dispose();
        _store = Open();
    }

    private void Put(string key, string etag)
    {
        var path = _store.NewTemporaryPath();
        using (var file = File.Create(path))
        {
            ObjectFile.AppendDescription(file, Entry(key, etag));
        }

        Bucket.Commit(path, Entry(key, etag), PutCondition.None);
    }

    /// <summary>Journals a change that is not made, and opens the store again.</summary>
    private void Journal(string key, StoredObject? entry)
    {
        _store.Dispose();
        using (var journal = KeyJournal.Open(JournalPath, new Disk(new ServiceFaults()), static (_, _) => { }, CancellationToken.None)!)
        {
            journal.Append(key, entry);
        }

        _store = Open();
    }

    private IEnumerable<string> Listed() =>
        Bucket.List(new ListQuery(string.Empty, string.Empty, 1000, null)).Objects.Select(static entry => $"{entry.Key} {entry.ETag}");
}
