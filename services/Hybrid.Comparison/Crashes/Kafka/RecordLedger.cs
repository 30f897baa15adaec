using System.Buffers.Binary;

namespace Hybrid.Comparison.Crashes.Kafka;

/// <summary>
/// What one partition must hold: records numbered by their producer, each at the offset that was acknowledged, in the producer's order
/// and none twice. Also what was not acknowledged may be there, under the same rules.
/// </summary>
/// <param name="partition">The partition, for messages.</param>
internal sealed class RecordLedger(int partition)
{
    /// <summary>Bytes of a record's value before its payload.</summary>
    public const int HeaderLength = sizeof(long);

    private readonly List<(long Offset, long Number)> _expected = [];
    private readonly List<(long Offset, long Number)> _found = [];
    private int _next;
    private long _lastNumber;

    /// <summary>How many records were acknowledged.</summary>
    public long Acknowledged { get; private set; }

    /// <summary>A record's value.</summary>
    public static byte[] ValueOf(long number, int payloadLength)
    {
        var value = new byte[HeaderLength + payloadLength];
        BinaryPrimitives.WriteInt64BigEndian(value, number);
        Payload.Fill(value.AsSpan(HeaderLength), number);
        return value;
    }

    /// <summary>Takes note of an acknowledgement.</summary>
    public void Acknowledge(long offset, long number)
    {
        _expected.Add((offset, number));
        Acknowledged++;
    }

    /// <summary>Begins a reading from the partition's start.</summary>
    public void BeginReading()
    {
        _next = 0;
        _lastNumber = -1;
        _expected.Sort();
        _found.Clear();
    }

    /// <summary>Takes the next record that was read.</summary>
    /// <param name="offset">Its offset.</param>
    /// <param name="value">Its value.</param>
    /// <param name="sent">Numbers below this one were sent.</param>
    /// <returns>What is wrong, or null.</returns>
    public string? Read(long offset, ReadOnlySpan<byte> value, long sent)
    {
        if (Missing(offset) is { } missing)
        {
            return missing;
        }

        var expected = _next < _expected.Count && _expected[_next].Offset == offset ? _expected[_next++].Number : (long?)null;
        if (value.Length < HeaderLength)
        {
            return $"the record at {partition}@{offset} is cut to {value.Length} bytes";
        }

        var number = BinaryPrimitives.ReadInt64BigEndian(value);
        if (expected is null)
        {
            _found.Add((offset, number));
        }

        var last = _lastNumber;
        _lastNumber = Math.Max(last, number);
        return expected is not null && number != expected ? $"record {expected} was acknowledged at {partition}@{offset}, and record {number} is there"
            : number < 0 || number >= sent ? $"the record at {partition}@{offset} was never sent"
            : number <= last ? $"record {number} at {partition}@{offset} comes after record {last}: twice or out of order"
            : !Payload.Matches(value[HeaderLength..], number) ? $"the bytes of record {number} at {partition}@{offset} are not those that were sent"
            : null;
    }

    /// <summary>Ends the reading; what was found without having been acknowledged has to stay from now on.</summary>
    /// <returns>What is wrong, or null.</returns>
    public string? EndReading()
    {
        var missing = Missing(long.MaxValue);
        _expected.AddRange(_found);
        return missing;
    }

    private string? Missing(long before)
    {
        if (_next >= _expected.Count || _expected[_next].Offset >= before)
        {
            return null;
        }

        var (offset, number) = _expected[_next];
        var count = 0;
        for (; _next < _expected.Count && _expected[_next].Offset < before; _next++)
        {
            count++;
        }

        return $"{count} acknowledged records are missing, the first being {number} at {partition}@{offset}";
    }
}
