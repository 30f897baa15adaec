using System.Buffers.Binary;

namespace Hybrid.Streamiz.Windows;

/// <summary>
/// A record of the deltas topic as a store keeps it: 1 byte of kind, 8 of offset, 8 of time (both big-endian), then the payload.
/// </summary>
/// <param name="IsSignal">A signal; otherwise a control record.</param>
/// <param name="Offset">Where it lies in the topic.</param>
/// <param name="Time">Of a signal the begin of its partition, of a control record the watermark; Unix milliseconds.</param>
/// <param name="Payload">Of a signal the record's value, of a control record the source's name.</param>
internal readonly record struct JournalEntry(bool IsSignal, long Offset, long Time, ReadOnlyMemory<byte> Payload)
{
    private const int TimeAt = 1 + sizeof(long);
    private const int PayloadAt = TimeAt + sizeof(long);

    public static JournalEntry Read(byte[] value) => new(
        value[0] != 0,
        BinaryPrimitives.ReadInt64BigEndian(value.AsSpan(1)),
        BinaryPrimitives.ReadInt64BigEndian(value.AsSpan(TimeAt)),
        value.AsMemory(PayloadAt));

    public byte[] ToValue()
    {
        var value = new byte[PayloadAt + Payload.Length];
        value[0] = IsSignal ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteInt64BigEndian(value.AsSpan(1), Offset);
        BinaryPrimitives.WriteInt64BigEndian(value.AsSpan(TimeAt), Time);
        Payload.Span.CopyTo(value.AsSpan(PayloadAt));
        return value;
    }
}
