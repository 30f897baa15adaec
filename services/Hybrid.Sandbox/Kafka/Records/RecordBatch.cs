using System.Buffers.Binary;
using Hybrid.Sandbox.Kafka.Storage;

namespace Hybrid.Sandbox.Kafka.Records;

/// <summary>How the records of a batch are compressed.</summary>
internal enum CompressionCodec
{
    None = 0,
    Gzip = 1,
    Snappy = 2,
    Lz4 = 3,
    Zstd = 4,
}

/// <summary>
/// The header of a record batch, format 2 (Kafka protocol guide, "Record Batch"): the broker reads this much of what it
/// stores, never the records themselves.
/// </summary>
internal readonly ref struct RecordBatch(Span<byte> bytes)
{
    public const int HeaderSize = 61;

    /// <summary>Bytes before those that the batch's own length counts.</summary>
    public const int LengthOverhead = 12;

    /// <summary>The part of the header that positions a batch: base offset, length, up to the last offset delta.</summary>
    public const int PositionSize = 27;

    public const long NoProducer = -1;

    private const int CodecBits = 0x07;
    private const int TransactionalBit = 0x10;
    private const int ControlBit = 0x20;
    private const int LogAppendTimeBit = 0x08;
    private const int CrcStart = 17;
    private const int AttributesStart = 21;

    private readonly Span<byte> _bytes = bytes;

    public long BaseOffset
    {
        get => BinaryPrimitives.ReadInt64BigEndian(_bytes);
        set => BinaryPrimitives.WriteInt64BigEndian(_bytes, value);
    }

    /// <summary>Size of the whole batch in bytes; not positive or less than the header's when the bytes are no batch.</summary>
    public int Size => BinaryPrimitives.ReadInt32BigEndian(_bytes[8..]) is var length && length <= int.MaxValue - LengthOverhead
        ? length + LengthOverhead
        : -1;

    public int LeaderEpoch
    {
        set => BinaryPrimitives.WriteInt32BigEndian(_bytes[12..], value);
    }

    public sbyte Magic => (sbyte)_bytes[16];

    public short Attributes
    {
        get => BinaryPrimitives.ReadInt16BigEndian(_bytes[AttributesStart..]);
        private set => BinaryPrimitives.WriteInt16BigEndian(_bytes[AttributesStart..], value);
    }

    public int LastOffsetDelta => BinaryPrimitives.ReadInt32BigEndian(_bytes[23..]);

    public long LastOffset => BaseOffset + LastOffsetDelta;

    public long BaseTimestamp => BinaryPrimitives.ReadInt64BigEndian(_bytes[27..]);

    /// <summary>The greatest timestamp of its records, milliseconds since 1970.</summary>
    public long MaxTimestamp
    {
        get => BinaryPrimitives.ReadInt64BigEndian(_bytes[35..]);
        private set => BinaryPrimitives.WriteInt64BigEndian(_bytes[35..], value);
    }

    public long ProducerId => BinaryPrimitives.ReadInt64BigEndian(_bytes[43..]);

    public short ProducerEpoch => BinaryPrimitives.ReadInt16BigEndian(_bytes[51..]);

    public int BaseSequence => BinaryPrimitives.ReadInt32BigEndian(_bytes[53..]);

    /// <summary>The sequence of the last record; sequences wrap to 0 after the greatest integer.</summary>
    public int LastSequence => BaseSequence > int.MaxValue - LastOffsetDelta
        ? LastOffsetDelta - (int.MaxValue - BaseSequence) - 1
        : BaseSequence + LastOffsetDelta;

    public int RecordCount => BinaryPrimitives.ReadInt32BigEndian(_bytes[57..]);

    public CompressionCodec Codec => (CompressionCodec)(Attributes & CodecBits);

    public bool IsTransactional => (Attributes & TransactionalBit) != 0;

    public bool IsControl => (Attributes & ControlBit) != 0;

    public bool HasLogAppendTime => (Attributes & LogAppendTimeBit) != 0;

    /// <summary>The whole batch.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes[..Size];

    public ReadOnlySpan<byte> Records => _bytes[HeaderSize..Size];

    /// <summary>Whether the bytes hold a whole batch of this format with the right checksum.</summary>
    public bool IsIntact =>
        _bytes.Length >= HeaderSize && Size >= HeaderSize && Size <= _bytes.Length && Magic == 2
        && Crc32C.Compute(_bytes[AttributesStart..Size]) == BinaryPrimitives.ReadUInt32BigEndian(_bytes[CrcStart..]);

    /// <summary>Gives the whole batch the time it was appended (message.timestamp.type=LogAppendTime).</summary>
    public void StampAppendTime(long timestamp)
    {
        Attributes = (short)(Attributes | LogAppendTimeBit);
        MaxTimestamp = timestamp;
        Seal();
    }

    /// <summary>Makes the header fit records that were left of others, uncompressed; its offsets and sequences stay.</summary>
    public void Resize(int size, int recordCount)
    {
        BinaryPrimitives.WriteInt32BigEndian(_bytes[8..], size - LengthOverhead);
        BinaryPrimitives.WriteInt32BigEndian(_bytes[57..], recordCount);
        Attributes = (short)(Attributes & ~CodecBits);
        Seal();
    }

    /// <summary>Fills in the checksum.</summary>
    public void Seal() =>
        BinaryPrimitives.WriteUInt32BigEndian(_bytes[CrcStart..], Crc32C.Compute(_bytes[AttributesStart..Size]));
}
