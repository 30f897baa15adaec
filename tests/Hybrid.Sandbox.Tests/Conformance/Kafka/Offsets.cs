using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace Hybrid.Sandbox.Tests.Conformance.Kafka;

/// <summary>Offsets of a partition as an administrator lists them.</summary>
internal static class Offsets
{
    public static async Task<ListOffsetsResultInfo> ListAsync(
        IAdminClient admin, string topic, OffsetSpec spec, IsolationLevel isolation = IsolationLevel.ReadUncommitted)
    {
        var asked = new TopicPartitionOffsetSpec { TopicPartition = new TopicPartition(topic, 0), OffsetSpec = spec };
        return (await admin.ListOffsetsAsync([asked], new ListOffsetsOptions { IsolationLevel = isolation })).ResultInfos.Single();
    }

    /// <summary>The offset of the next record; for readers of committed records the last stable offset.</summary>
    public static async Task<long> LatestAsync(IAdminClient admin, string topic, IsolationLevel isolation) =>
        (await ListAsync(admin, topic, OffsetSpec.Latest(), isolation)).TopicPartitionOffsetError.Offset.Value;
}
