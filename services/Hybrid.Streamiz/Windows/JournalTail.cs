using System.Buffers.Binary;

namespace Hybrid.Streamiz.Windows;

/// <summary>Where a journal begins, and how far each source was complete by what lay before.</summary>
/// <param name="First">The number of the first entry.</param>
/// <param name="Sources">The control records dropped, the last one of each source; empty payloads and equal names do not occur twice.</param>
internal sealed record JournalTail(long First, IReadOnlyList<JournalEntry> Sources)
{
    public static JournalTail Start { get; } = new(0, []);

    /// <summary>Of 8 bytes of number, and of each source's entry with 4 bytes of length before it.</summary>
    public static JournalTail Read(byte[]? value)
    {
        if (value is null)
        {
            return Start;
        }

        var sources = new List<JournalEntry>();
        for (var at = sizeof(long); at < value.Length;)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(value.AsSpan(at));
            at += sizeof(int);
            sources.Add(JournalEntry.Read(value[at..(at + length)]));
            at += length;
        }

        return new JournalTail(BinaryPrimitives.ReadInt64BigEndian(value), sources);
    }

    public byte[] ToValue()
    {
        var entries = Sources.Select(source => source.ToValue()).ToList();
        var value = new byte[sizeof(long) + entries.Sum(entry => sizeof(int) + entry.Length)];
        BinaryPrimitives.WriteInt64BigEndian(value, First);
        var at = sizeof(long);
        foreach (var entry in entries)
        {
            BinaryPrimitives.WriteInt32BigEndian(value.AsSpan(at), entry.Length);
            entry.CopyTo(value, at + sizeof(int));
            at += sizeof(int) + entry.Length;
        }

        return value;
    }

    /// <summary>The tail after an entry is dropped.</summary>
    public JournalTail Without(in JournalEntry entry)
    {
        var dropped = entry;
        return new JournalTail(First + 1, entry.IsSignal
            ? Sources
            : [.. Sources.Where(source => !source.Payload.Span.SequenceEqual(dropped.Payload.Span)), dropped]);
    }
}
