using System.Buffers.Binary;
using System.Text;

namespace Hybrid.Sandbox.Kafka.Groups;

/// <summary>A partition, as a group commits it.</summary>
internal readonly record struct TopicPartition(string Topic, int Partition);

/// <summary>Where a group goes on in a partition.</summary>
/// <param name="Offset">The next record's offset.</param>
/// <param name="LeaderEpoch">−1 when the committer did not say.</param>
/// <param name="Metadata">The committer's own note.</param>
/// <param name="CommittedAt">When it was committed, milliseconds since 1970.</param>
internal sealed record CommittedOffset(long Offset, int LeaderEpoch, string Metadata, long CommittedAt)
{
    private const int FixedSize = 20;

    public byte[] ToBytes()
    {
        var bytes = new byte[FixedSize + Encoding.UTF8.GetByteCount(Metadata)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, Offset);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(8), LeaderEpoch);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(12), CommittedAt);
        Encoding.UTF8.GetBytes(Metadata, bytes.AsSpan(FixedSize));
        return bytes;
    }

    public static CommittedOffset FromBytes(ReadOnlySpan<byte> bytes) => new(
        BinaryPrimitives.ReadInt64LittleEndian(bytes),
        BinaryPrimitives.ReadInt32LittleEndian(bytes[8..]),
        Encoding.UTF8.GetString(bytes[FixedSize..]),
        BinaryPrimitives.ReadInt64LittleEndian(bytes[12..]));
}
