using System.Text;
using Hybrid.Sandbox.Kafka.Storage;

namespace Hybrid.Sandbox.Tests.Kafka;

public sealed class KeyedJournalTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("hybrid-journal-").FullName;

    private string JournalPath => Path.Combine(_directory, "a.journal");

    [Fact]
    public void Journal_CutAtAnyByte_HoldsWhatItHeldAfterOneOfItsWrites()
    {
        var states = new List<string> { "" };
        using (var journal = Open())
        {
            for (var i = 0; i < 12; i++)
            {
                journal.Write(new($"key-{i % 4}", Encoding.UTF8.GetBytes($"{i}")), new($"pair-{i % 3}", i % 2 == 0 ? null : [(byte)i]));
                states.Add(Describe(journal));
            }
        }
        var whole = File.ReadAllBytes(JournalPath);
        var seen = new HashSet<string>();
        for (var length = 0; length <= whole.Length; length++)
        {
            File.WriteAllBytes(JournalPath, whole[..length]);
            using var journal = Open();
            seen.Add(Describe(journal));
        }

        Assert.Equal(states.ToHashSet(), seen);
    }

    [Fact]
    public void Journal_WithAFlippedBit_EndsBeforeTheDamage()
    {
        using (var journal = Open())
        {
            journal.Write(new JournalChange("first", [1]));
            journal.Write(new JournalChange("second", [2]));
        }
        var bytes = File.ReadAllBytes(JournalPath);
        bytes[^1] ^= 0x10;
        File.WriteAllBytes(JournalPath, bytes);

        using var damaged = Open();
        damaged.Write(new JournalChange("third", [3]));

        Assert.Equal("first=1 third=3", Describe(damaged));
    }

    [Fact]
    public void Journal_OverwrittenManyTimes_StaysSmallAndKeepsTheLastValues()
    {
        using (var journal = Open())
        {
            for (var i = 0; i < 30_000; i++)
            {
                journal.Write(new JournalChange($"{i % 10}", new byte[1000]));
            }
        }

        Assert.InRange(new FileInfo(JournalPath).Length, 10_000, 5 * 1024 * 1024);
        using var again = Open();
        Assert.Equal(10, again.Snapshot().Length);
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private static string Describe(KeyedJournal journal) => string.Join(' ', journal.Snapshot()
        .OrderBy(entry => entry.Key, StringComparer.Ordinal)
        .Select(entry => $"{entry.Key}={string.Join(',', entry.Value)}"));

    private KeyedJournal Open() => new(JournalPath, flush: false);
}
