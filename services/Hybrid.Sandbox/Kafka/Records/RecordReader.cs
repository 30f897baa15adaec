namespace Hybrid.Sandbox.Kafka.Records;

/// <summary>Reads the records of one batch, which are decompressed already (Kafka protocol guide, "Record").</summary>
/// <exception cref="InvalidDataException">The records do not follow the format.</exception>
internal ref struct RecordReader(RecordBatch batch, ReadOnlySpan<byte> records)
{
    private const int MaxVarintBytes = 10;

    private readonly long _baseOffset = batch.BaseOffset;
    private readonly long _baseTimestamp = batch.BaseTimestamp;
    private ReadOnlySpan<byte> _rest = records;
    private int _left = batch.RecordCount;

    public long Offset { get; private set; }

    /// <summary>Milliseconds since 1970.</summary>
    public long Timestamp { get; private set; }

    public bool HasKey { get; private set; }

    public ReadOnlySpan<byte> Key { get; private set; }

    public bool HasValue { get; private set; }

    /// <summary>The whole record with its length, as it stands in the batch.</summary>
    public ReadOnlySpan<byte> Raw { get; private set; }

    /// <summary>Goes to the next record; false when there is none.</summary>
    public bool Next()
    {
        if (_left-- <= 0)
        {
            return false;
        }
        var start = _rest;
        var length = Varint(ref _rest);
        if (length <= 0 || length > _rest.Length)
        {
            throw new InvalidDataException($"a record of {length} bytes where {_rest.Length} are left");
        }
        var record = _rest[1..(int)length];
        _rest = _rest[(int)length..];
        Raw = start[..^_rest.Length];
        Timestamp = _baseTimestamp + Varint(ref record);
        Offset = _baseOffset + Varint(ref record);
        var keyLength = Varint(ref record);
        if (keyLength > record.Length)
        {
            throw new InvalidDataException($"a key of {keyLength} bytes where {record.Length} are left");
        }
        HasKey = keyLength >= 0;
        Key = HasKey ? record[..(int)keyLength] : default;
        record = record[Key.Length..];
        HasValue = Varint(ref record) >= 0;
        return true;
    }

    private static long Varint(ref ReadOnlySpan<byte> bytes)
    {
        ulong value = 0;
        for (var taken = 0; taken < Math.Min(bytes.Length, MaxVarintBytes); taken++)
        {
            value |= (ulong)(bytes[taken] & 0x7f) << (7 * taken);
            if ((bytes[taken] & 0x80) == 0)
            {
                bytes = bytes[(taken + 1)..];
                return (long)(value >> 1) ^ -(long)(value & 1);
            }
        }
        throw new InvalidDataException("a variable-length integer without end");
    }
}
