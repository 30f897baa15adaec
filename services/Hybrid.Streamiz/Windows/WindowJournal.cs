using System.Buffers.Binary;
using Streamiz.Kafka.Net.State;

namespace Hybrid.Streamiz.Windows;

/// <summary>
/// What a task's store holds: the signals of the window and the control records that moved it, numbered in the order of the log without a
/// gap. A task that goes on at an offset goes on after the last entry before it and puts each record it takes again on the number where it
/// was, so nothing counts twice however far the store is ahead of the commit. Entries are found by number alone, without an
/// iterator of RocksDB: Streamiz 1.7.1 never freed one.
/// </summary>
/// <param name="entries">The store.</param>
internal sealed class WindowJournal(IKeyValueStore<byte[], byte[]> entries)
{
    private static readonly byte[] TailKey = [0];

    private JournalTail _tail = JournalTail.Start;
    private long _next;
    private long _end;

    /// <summary>Entries held, those left out that a crash left ahead of the commit.</summary>
    public int Count => (int)(_next - _tail.First);

    /// <summary>Reads what lies before an offset, the log's order kept.</summary>
    /// <param name="offset">Where the task goes on.</param>
    /// <returns>The entries; to be read to the end before anything is put.</returns>
    public IEnumerable<JournalEntry> Open(long offset)
    {
        _tail = JournalTail.Read(entries.Get(TailKey));
        DropBefore(_tail.First);
        foreach (var source in _tail.Sources.OrderBy(source => source.Time))
        {
            yield return source;
        }

        var last = long.MinValue;
        _next = _tail.First;
        while (At(_next) is { } entry && entry.Offset > last && entry.Offset < offset)
        {
            yield return entry;
            last = entry.Offset;
            _next++;
        }

        _end = _next;
        while (At(_end) is not null)
        {
            _end++;
        }
    }

    /// <summary>The log is at an offset: an entry ahead that should lie before it is of another log, and so are all after it.</summary>
    public void Pass(long offset)
    {
        if (_next < _end && At(_next)!.Value.Offset < offset)
        {
            CutAhead();
        }
    }

    /// <summary>Holds a record.</summary>
    public void Put(in JournalEntry entry)
    {
        if (_next < _end && At(_next)!.Value.Offset != entry.Offset)
        {
            CutAhead();
        }

        entries.Put(Key(_next), entry.ToValue());
        _next++;
        _end = Math.Max(_end, _next);
    }

    /// <summary>Drops what is of before an event time, from the first entry on.</summary>
    /// <param name="before">Unix milliseconds.</param>
    public void Drop(long before)
    {
        var tail = _tail;
        while (tail.First < _next && At(tail.First) is { } entry && entry.Time < before)
        {
            tail = tail.Without(entry);
        }

        if (tail != _tail)
        {
            // The tail first: an entry left before it is found and dropped when the journal is opened again.
            _tail = tail;
            entries.Put(TailKey, tail.ToValue());
            DropBefore(tail.First);
        }
    }

    private void DropBefore(long number)
    {
        while (number > 0 && At(number - 1) is not null)
        {
            entries.Delete(Key(--number));
        }
    }

    private void CutAhead()
    {
        while (_end > _next)
        {
            entries.Delete(Key(--_end));
        }
    }

    private JournalEntry? At(long number) => entries.Get(Key(number)) is { } value ? JournalEntry.Read(value) : null;

    private static byte[] Key(long number)
    {
        var key = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(key, number);
        return key;
    }
}
