using System.Numerics;

namespace Hybrid.Pipeline.Lanes;

/// <summary>Numbers the documents of a batch from 0 by their first record: a hash table over ids that are bytes. Not for concurrent use.</summary>
internal sealed class DocumentSlots
{
    private int[] _buckets = [];
    private Entry[] _entries = [];
    private int _count;

    /// <summary>Begins anew.</summary>
    /// <param name="most">Documents at most.</param>
    public void Begin(int most)
    {
        Clear();
        if (_entries.Length < most)
        {
            _entries = new Entry[Math.Max(most, 2 * _entries.Length)];
            _buckets = new int[BitOperations.RoundUpToPowerOf2((uint)_entries.Length * 2)];
        }
        else
        {
            Array.Clear(_buckets);
        }
    }

    /// <summary>The number of a document.</summary>
    /// <param name="id">Its id, UTF-8.</param>
    /// <param name="hash">The id's <see cref="DocumentHash"/>.</param>
    /// <param name="isNew">Whether it is asked for the first time.</param>
    public int SlotOf(ReadOnlyMemory<byte> id, int hash, out bool isNew)
    {
        var mask = _buckets.Length - 1;
        for (var bucket = hash & mask; ; bucket = (bucket + 1) & mask)
        {
            // A bucket holds the slot plus one; 0 is free.
            if (_buckets[bucket] == 0)
            {
                isNew = true;
                _entries[_count] = new Entry(id, hash);
                _buckets[bucket] = ++_count;
                return _count - 1;
            }

            var slot = _buckets[bucket] - 1;
            if (_entries[slot].Hash == hash && _entries[slot].Id.Span.SequenceEqual(id.Span))
            {
                isNew = false;
                return slot;
            }
        }
    }

    /// <summary>Lets go of the ids.</summary>
    public void Clear()
    {
        Array.Clear(_entries, 0, _count);
        _count = 0;
    }

    private readonly record struct Entry(ReadOnlyMemory<byte> Id, int Hash);
}
