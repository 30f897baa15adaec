using Hybrid.Sandbox.Registry;

namespace Hybrid.Sandbox.Tests.Registry;

public sealed class RegistryJournalTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private string File => Path.Combine(_directory.Path, "journal");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Append_ThatFillsTheDisk_LeavesNothingAndTheNextOneStays()
    {
        var full = false;
        var (journal, _) = RegistryJournal.Open(File, _ => { }, (file, bytes, offset) =>
        {
            RandomAccess.Write(file, full ? bytes[..(bytes.Length / 2)] : bytes, offset);
            if (full)
            {
                throw new IOException("No space left on device");
            }
        });
        using (journal)
        {
            journal.Append(Change(1));
            full = true;
            Assert.Throws<IOException>(() => journal.Append(Change(2)));
            Assert.Throws<IOException>(() => journal.Append(Change(3)));
            full = false;
            journal.Append(Change(4));
        }

        var (versions, cutOff) = Replay();

        Assert.Equal([1, 4], versions);
        Assert.Equal(0, cutOff);
    }

    [Fact]
    public void EveryTornTail_IsCutOffToTheLastWholeChange()
    {
        var (journal, _) = RegistryJournal.Open(File, _ => { });
        using (journal)
        {
            journal.Append(Change(1));
        }

        var whole = new FileInfo(File).Length;
        var second = RegistryJournal.Open(File, _ => { }).Journal;
        second.Append(Change(2));
        second.Dispose();
        var bytes = System.IO.File.ReadAllBytes(File);
        for (var length = (int)whole; length < bytes.Length; length++)
        {
            System.IO.File.WriteAllBytes(File, bytes[..length]);

            var (versions, cutOff) = Replay();

            Assert.Equal([1], versions);
            Assert.Equal(length - whole, cutOff);
        }
    }

    [Fact]
    public void DamagedChange_IsCutOffWithAllThatFollows()
    {
        var (journal, _) = RegistryJournal.Open(File, _ => { });
        using (journal)
        {
            journal.Append(Change(1));
            journal.Append(Change(2));
            journal.Append(Change(3));
        }

        var bytes = System.IO.File.ReadAllBytes(File);
        bytes[bytes.Length / 2] ^= 1;
        System.IO.File.WriteAllBytes(File, bytes);

        Assert.Equal([1], Replay().Versions);
    }

    private static RegistryChange Change(int version) => new()
    {
        Kind = RegistryChangeKind.Registered,
        Subject = "s",
        Version = version,
        Id = version,
        Schema = "\"string\"",
    };

    private (List<int> Versions, long CutOff) Replay()
    {
        var versions = new List<int>();
        var (journal, cutOff) = RegistryJournal.Open(File, change => versions.Add(change.Version));
        journal.Dispose();
        return (versions, cutOff);
    }
}
