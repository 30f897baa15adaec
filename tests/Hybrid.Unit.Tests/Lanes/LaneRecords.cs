using System.Text;
using Confluent.Kafka;
using Hybrid.Contracts.Records;
using Hybrid.Pipeline.Lanes;
using Hybrid.Unit.Tests.Solr;

namespace Hybrid.Unit.Tests.Lanes;

internal static class LaneRecords
{
    public static LaneRecord Record(string id, long version = 1, int partition = 0, long offset = 0, int bytes = 100, long? closed = null) =>
        Record(Deltas.Upsert(id, version), partition, offset, bytes, closed);

    public static LaneRecord Record(CatalogDelta delta, int partition = 0, long offset = 0, int bytes = 100, long? closed = null) => new(
        partition,
        offset,
        new Message<byte[], byte[]> { Key = Encoding.UTF8.GetBytes(delta.DocumentId), Value = new byte[bytes] },
        delta,
        closed);
}
