using Confluent.Kafka;

namespace Hybrid.Lanes.Consuming;

/// <summary>
/// Lets records with equal headers hold the same ones. Headers are half of a record's objects, records of one source object come one after
/// the other and carry the same, and thousands of records are in flight. Belongs to the consuming thread; nobody changes headers.
/// </summary>
internal sealed class SharedHeaders
{
    private Headers? _last;

    /// <summary>The last headers when these are equal to them, or else these.</summary>
    public Headers? Share(Headers? headers)
    {
        if (headers is null || (_last is { } last && AreEqual(headers, last)))
        {
            return headers is null ? null : _last;
        }

        return _last = headers;
    }

    private static bool AreEqual(Headers one, Headers other)
    {
        if (one.Count != other.Count)
        {
            return false;
        }

        for (var i = 0; i < one.Count; i++)
        {
            if (one[i].Key != other[i].Key || !AreEqual(one[i].GetValueBytes(), other[i].GetValueBytes()))
            {
                return false;
            }
        }

        return true;
    }

    private static bool AreEqual(byte[]? one, byte[]? other) =>
        one is null || other is null ? ReferenceEquals(one, other) : one.AsSpan().SequenceEqual(other);
}
