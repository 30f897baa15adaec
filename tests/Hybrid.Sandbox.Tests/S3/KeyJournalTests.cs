using Hybrid.Sandbox.Faults;
using Hybrid.Sandbox.S3.Storage;

namespace Hybrid.Sandbox.Tests.S3;

public sealed class KeyJournalTests : IDisposable
{
    private static readonly Disk Disk = new(new ServiceFaults());

    private readonly TemporaryDirectory _directory = new();

    private string JournalPath => Path.Combine(_directory.Path, "journal");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Reopened_GivesEveryChangeInOrder()
    {
        var full = Entry("ü/😀") with
        {
            Size = long.MaxValue,
            Headers = new Dictionary<string, string> { ["Content-Type"] = "a/b", ["x-amz-meta-ü"] = "" },
            Checksums = new Dictionary<string, string> { ["x-amz-checksum-crc32"] = "AAAAAA==" },
            PartSizes = [5, 6],
            Tags = "a=1",
        };
        using (var journal = KeyJournal.Create(JournalPath, Disk, [Entry("a"), Entry("b")]))
        {
            journal.Append("a", null);
            journal.Append(full.Key, full);
            journal.Append("undone", Entry("undone"));
            journal.Undo();
            journal.Append("c", Entry("c") with { Headers = full.Headers });
        }

        var changes = Read();

        Assert.Equal(["a", "b", "-a", "ü/😀", "c"], changes!.Select(static change => change.Entry is null ? "-" + change.Key : change.Key));
        var back = changes![3].Entry!;
        Assert.Equal(full with { Headers = back.Headers, Checksums = back.Checksums, PartSizes = back.PartSizes }, back);
        Assert.Equal(full.Headers, back.Headers);
        Assert.Equal(full.Checksums, back.Checksums);
        Assert.Equal(full.PartSizes, back.PartSizes);
        Assert.Equal(full.Headers, changes[4].Entry!.Headers);
    }

    [Fact]
    public void EveryTornTail_IsNoticed()
    {
        KeyJournal.Create(JournalPath, Disk, []).Dispose();
        var header = new FileInfo(JournalPath).Length;
        KeyJournal.Create(JournalPath, Disk, [Entry("only")]).Dispose();
        var bytes = File.ReadAllBytes(JournalPath);
        for (var length = 0; length < bytes.Length; length++)
        {
            File.WriteAllBytes(JournalPath, bytes[..length]);
            Assert.True(length == header ? Read() is [] : Read() is null, $"{length} bytes");
        }
    }

    [Fact]
    public void EveryDamagedByte_IsNoticed()
    {
        KeyJournal.Create(JournalPath, Disk, [Entry("first"), Entry("second")]).Dispose();
        var bytes = File.ReadAllBytes(JournalPath);
        for (var at = 0; at < bytes.Length; at++)
        {
            bytes[at] ^= 0x10;
            File.WriteAllBytes(JournalPath, bytes);
            Assert.True(Read() is null, $"byte {at}");
            bytes[at] ^= 0x10;
        }
    }

    [Fact]
    public void Absent_MustBeMadeAnew() => Assert.Null(Read());

    [Fact]
    public void ManyChangesOfFewKeys_AreTrimmed()
    {
        using (var journal = KeyJournal.Create(JournalPath, Disk, []))
        {
            for (var change = 0; change < 40_000; change++)
            {
                journal.Append("cursor", Entry("cursor") with { Size = change });
                journal.Trim([Entry("cursor") with { Size = change }]);
            }
        }

        var changes = Read()!;
        Assert.InRange(changes.Count, 1, 20_000);
        Assert.Equal(39_999, changes[^1].Entry!.Size);
    }

    [Fact]
    public void Abandoned_IsAbsent_UntilItIsTrimmed()
    {
        using (var journal = KeyJournal.Create(JournalPath, Disk, [Entry("a"), Entry("b")]))
        {
            journal.Abandon();
            journal.Append("a", null);
            Assert.Null(Read());
            journal.Trim([Entry("b")]);
            journal.Append("c", Entry("c"));
        }

        Assert.Equal(["b", "c"], Read()!.Select(static change => change.Key));
    }

    private static StoredObject Entry(string key) => new()
    {
        Key = key,
        Size = 1,
        ETag = "e",
        LastModified = DateTimeOffset.UnixEpoch.AddMilliseconds(1234567890123),
    };

    private List<(string Key, StoredObject? Entry)>? Read()
    {
        var changes = new List<(string, StoredObject?)>();
        using var journal = KeyJournal.Open(JournalPath, Disk, (key, entry) => changes.Add((key, entry)), CancellationToken.None);
        return journal is null ? null : changes;
    }
}
