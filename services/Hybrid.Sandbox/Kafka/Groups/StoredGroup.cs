using System.Text.Json.Serialization;

namespace Hybrid.Sandbox.Kafka.Groups;

/// <summary>A settled member as the journal keeps it; times in milliseconds.</summary>
internal sealed record StoredMember(
    string Id, string? InstanceId, string ClientId, string ClientHost, long SessionTimeout, long RebalanceTimeout,
    IReadOnlyList<GroupProtocol> Protocols, byte[] Assignment);

/// <summary>A settled group as the journal keeps it, so that its members go on after a restart without a rebalance.</summary>
internal sealed record StoredGroup(
    int Generation, string? ProtocolType, string? Protocol, string? Leader, long EmptySince, IReadOnlyList<StoredMember> Members);

[JsonSerializable(typeof(StoredGroup))]
internal sealed partial class GroupJson : JsonSerializerContext;
