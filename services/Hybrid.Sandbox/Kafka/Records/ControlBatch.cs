using System.Buffers.Binary;

namespace Hybrid.Sandbox.Kafka.Records;

/// <summary>The batch of one control record that ends a transaction in a partition (KIP-98).</summary>
internal static class ControlBatch
{
    /// <summary>Size of a marker in bytes: the batch's header and its one record.</summary>
    public const int Size = RecordBatch.HeaderSize + 17;

    private const short TransactionalControl = 0x30;
    private const int KeySize = 4;
    private const int ValueSize = 6;
    private const short AbortType = 0;
    private const short CommitType = 1;

    /// <summary>A marker, whole but for its base offset.</summary>
    public static byte[] Create(long producerId, short producerEpoch, bool commit, long timestamp)
    {
        var bytes = new byte[Size];
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(8), Size - RecordBatch.LengthOverhead);
        bytes[16] = 2;
        BinaryPrimitives.WriteInt16BigEndian(bytes.AsSpan(21), TransactionalControl);
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(27), timestamp);
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(35), timestamp);
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(43), producerId);
        BinaryPrimitives.WriteInt16BigEndian(bytes.AsSpan(51), producerEpoch);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(53), -1);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(57), 1);

        // The record: length, attributes, timestamp delta, offset delta, key (version, type), value (version, coordinator
        // epoch), headers; all of its variable-length integers are small enough for one zigzag byte.
        var record = bytes.AsSpan(RecordBatch.HeaderSize);
        record[0] = (byte)((record.Length - 1) << 1);
        record[4] = KeySize << 1;
        BinaryPrimitives.WriteInt16BigEndian(record[7..], commit ? CommitType : AbortType);
        record[9] = ValueSize << 1;
        new RecordBatch(bytes).Seal();
        return bytes;
    }

    /// <summary>Whether the marker commits; false when it aborts.</summary>
    public static bool IsCommit(ReadOnlySpan<byte> records) => BinaryPrimitives.ReadInt16BigEndian(records[7..]) == CommitType;
}
