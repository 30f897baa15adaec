using Hybrid.Sandbox.Kafka.Groups;
using Hybrid.Sandbox.Kafka.Protocol;
using Hybrid.Sandbox.Kafka.Topics;

namespace Hybrid.Sandbox.Kafka.Apis;

/// <summary>The offsets of a commit by topic, as OffsetCommit and TxnOffsetCommit carry them, with what is wrong with each.</summary>
internal sealed class OffsetBatch
{
    private const int MaxMetadataLength = 4096;

    private readonly List<(string Topic, List<(int Partition, ErrorCode Error)> Partitions)> _topics = [];

    /// <summary>The offsets that may be committed.</summary>
    public List<OffsetCommit> Known { get; } = [];

    public static OffsetBatch Read(ref RequestReader reader, TopicCatalog topics, bool hasLeaderEpoch, bool hasTimestamp)
    {
        var batch = new OffsetBatch();
        var now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        for (var topicCount = reader.ArrayLength(); topicCount > 0; topicCount--)
        {
            var topic = reader.String();
            var partitions = new List<(int, ErrorCode)>();
            for (var count = reader.ArrayLength(); count > 0; count--)
            {
                var partition = reader.Int32();
                var offset = reader.Int64();
                var leaderEpoch = hasLeaderEpoch ? reader.Int32() : -1;
                if (hasTimestamp)
                {
                    reader.Int64();
                }
                var metadata = reader.NullableString() ?? "";
                reader.TaggedFields();
                var error = topics.FindPartition(topic, partition) is null ? ErrorCode.UnknownTopicOrPartition
                    : metadata.Length > MaxMetadataLength ? ErrorCode.OffsetMetadataTooLarge
                    : ErrorCode.None;
                partitions.Add((partition, error));
                if (error == ErrorCode.None)
                {
                    batch.Known.Add(new OffsetCommit(new(topic, partition), new CommittedOffset(offset, leaderEpoch, metadata, now)));
                }
            }
            reader.TaggedFields();
            batch._topics.Add((topic, partitions));
        }
        return batch;
    }

    /// <summary>Writes the partitions back with their errors, or with the one that all of them met.</summary>
    public void WriteErrors(ResponseWriter response, ErrorCode error)
    {
        response.ArrayLength(_topics.Count);
        foreach (var (topic, partitions) in _topics)
        {
            response.String(topic);
            response.ArrayLength(partitions.Count);
            foreach (var (partition, own) in partitions)
            {
                response.Int32(partition);
                response.Error(error == ErrorCode.None ? own : error);
                response.TaggedFields();
            }
            response.TaggedFields();
        }
    }
}
