using Confluent.Kafka;
using Streamiz.Kafka.Net.SerDes;

namespace Hybrid.Streamiz;

/// <summary>Bytes as they are, but empty for null: Streamiz drops a record without a key before a processor with a state store sees it.</summary>
internal sealed class EmptyForNullSerDes : AbstractSerDes<byte[]>
{
    public override byte[] Deserialize(byte[]? data, SerializationContext context) => data ?? [];

    public override byte[] Serialize(byte[] data, SerializationContext context) => data;
}
