using Hybrid.Sandbox.Kafka.Protocol;

namespace Hybrid.Sandbox.Kafka.Groups;

/// <summary>A wish to join a group.</summary>
internal sealed record JoinRequest(
    string MemberId, string? InstanceId, string ClientId, string ClientHost, TimeSpan SessionTimeout, TimeSpan RebalanceTimeout,
    string ProtocolType, IReadOnlyList<GroupProtocol> Protocols)
{
    /// <summary>Whether a new member is first told its id and joins with it then (KIP-394).</summary>
    public required bool RequiresMemberId { get; init; }
}

/// <summary>A member as the leader is told of it.</summary>
internal sealed record JoinedMember(string Id, string? InstanceId, byte[] Metadata);

/// <summary>The answer to a join; the members are told to the leader alone.</summary>
internal sealed record JoinResult(
    ErrorCode Error, string MemberId, int Generation = -1, string? ProtocolType = null, string? Protocol = null, string Leader = "",
    IReadOnlyList<JoinedMember>? Members = null);

/// <summary>Says which member of which generation speaks.</summary>
/// <param name="Generation">−1 for a committer that is no member.</param>
/// <param name="MemberId">Empty for a committer that is no member.</param>
/// <param name="InstanceId">The name of a static member.</param>
internal readonly record struct MemberIdentity(int Generation, string MemberId, string? InstanceId);

/// <summary>A member's share, or why it has none.</summary>
internal sealed record SyncResult(ErrorCode Error, byte[] Assignment, string? ProtocolType = null, string? Protocol = null);

/// <summary>A member as it is described to an administrator.</summary>
internal sealed record MemberDescription(
    string Id, string? InstanceId, string ClientId, string ClientHost, byte[] Metadata, byte[] Assignment);

/// <summary>A group as it is described to an administrator.</summary>
internal sealed record GroupDescription(string State, string ProtocolType, string Protocol, IReadOnlyList<MemberDescription> Members);
