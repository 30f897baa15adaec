namespace Hybrid.Pipeline.Kafka;

/// <summary>
/// The acknowledgements of one Kafka partition: offsets are tracked in rising order, acknowledged in any order, and committed only up to
/// the lowest one that is not yet acknowledged. Safe for one tracking and several acknowledging threads.
/// </summary>
public sealed class OffsetTracker
{
    /// <summary>Times that the bounds of an offset's place are drawn before it is searched for.</summary>
    private const int Guesses = 4;

    private readonly Lock _gate = new();
    private Entry[] _ring = new Entry[256];
    private int _head;
    private int _count;
    private long? _committable;

    /// <summary>The offset to commit, one past the last contiguously acknowledged; null when nothing was.</summary>
    public long? Committable
    {
        get
        {
            lock (_gate)
            {
                return _committable;
            }
        }
    }

    /// <summary>Offsets tracked and not yet below <see cref="Committable"/>.</summary>
    public int Pending
    {
        get
        {
            lock (_gate)
            {
                return _count;
            }
        }
    }

    /// <summary>Notes that an offset was taken.</summary>
    /// <param name="offset">Higher than every offset tracked before; gaps are fine, since transactions leave some.</param>
    /// <exception cref="ArgumentOutOfRangeException">The offset is not higher than the last one.</exception>
    public void Track(long offset)
    {
        lock (_gate)
        {
            if (_count > 0 && offset <= _ring[(_head + _count - 1) & (_ring.Length - 1)].Offset)
            {
                throw new ArgumentOutOfRangeException(nameof(offset), offset, "offsets are tracked in rising order");
            }

            if (_count == _ring.Length)
            {
                Grow();
            }

            _ring[(_head + _count) & (_ring.Length - 1)] = new Entry(offset);
            _count++;
        }
    }

    /// <summary>Notes that an offset is done with. Unknown and repeated ones are ignored.</summary>
    /// <param name="offset">A tracked offset.</param>
    /// <returns>True when <see cref="Committable"/> moved.</returns>
    public bool Acknowledge(long offset)
    {
        lock (_gate)
        {
            var index = Find(offset);
            if (index < 0)
            {
                return false;
            }

            _ring[index].Acknowledged = true;
            var moved = false;
            while (_count > 0 && _ring[_head].Acknowledged)
            {
                _committable = _ring[_head].Offset + 1;
                _head = (_head + 1) & (_ring.Length - 1);
                _count--;
                moved = true;
            }

            return moved;
        }
    }

    /// <summary>
    /// Offsets follow one another but for few gaps, so an entry's place is known from another's within as many places as there are gaps in
    /// between. Bounds from both sides meet at once where there is one gap or none; where there are many, what is left is searched.
    /// </summary>
    private int Find(long offset)
    {
        if (_count == 0)
        {
            return -1;
        }

        long low = 0, high = Math.Min(offset - At(0), _count - 1);
        for (var guess = 0; guess < Guesses && low <= high; guess++)
        {
            var beyond = At(high) - offset;
            if (beyond <= 0)
            {
                return beyond == 0 ? IndexOf(high) : -1;
            }

            low = Math.Max(low, high - beyond);
            var before = offset - At(low);
            if (before <= 0)
            {
                return before == 0 ? IndexOf(low) : -1;
            }

            high = Math.Min(high - 1, low + before);
        }

        return Search(offset, low, high);
    }

    private int Search(long offset, long low, long high)
    {
        while (low <= high)
        {
            var middle = (low + high) >>> 1;
            var found = At(middle);
            if (found == offset)
            {
                return IndexOf(middle);
            }

            if (found < offset)
            {
                low = middle + 1;
            }
            else
            {
                high = middle - 1;
            }
        }

        return -1;
    }

    private int IndexOf(long place) => (_head + (int)place) & (_ring.Length - 1);

    private long At(long place) => _ring[IndexOf(place)].Offset;

    private void Grow()
    {
        var larger = new Entry[_ring.Length * 2];
        for (var i = 0; i < _count; i++)
        {
            larger[i] = _ring[(_head + i) & (_ring.Length - 1)];
        }

        _ring = larger;
        _head = 0;
    }

    private record struct Entry(long Offset)
    {
        public bool Acknowledged;
    }
}
