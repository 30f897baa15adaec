namespace Hybrid.Sandbox.Kafka.Groups;

/// <summary>A protocol (assignor) that a member offers, with its metadata (the subscription).</summary>
internal sealed record GroupProtocol(string Name, byte[] Metadata);

/// <summary>A member of a group.</summary>
internal sealed class GroupMember(string id, JoinRequest request)
{
    public string Id { get; set; } = id;

    /// <summary>The name of a static member (KIP-345); null for a dynamic one.</summary>
    public string? InstanceId { get; } = request.InstanceId;

    public string ClientId { get; } = request.ClientId;

    public string ClientHost { get; } = request.ClientHost;

    public TimeSpan SessionTimeout { get; set; } = request.SessionTimeout;

    public TimeSpan RebalanceTimeout { get; set; } = request.RebalanceTimeout;

    /// <summary>In the order of its preference.</summary>
    public IReadOnlyList<GroupProtocol> Protocols { get; set; } = request.Protocols;

    public byte[] Assignment { get; set; } = [];

    /// <summary>The answer it waits for while the group gathers; null when it waits for none.</summary>
    public TaskCompletionSource<JoinResult>? Joining { get; set; }

    /// <summary>The answer it waits for until the leader has assigned; null when it waits for none.</summary>
    public TaskCompletionSource<SyncResult>? Syncing { get; set; }

    public Timer? SessionTimer { get; set; }

    /// <summary>When it was last heard of, in milliseconds of <see cref="Environment.TickCount64"/>.</summary>
    public long LastHeard { get; set; }

    public byte[] MetadataFor(string protocol) =>
        Protocols.FirstOrDefault(offered => offered.Name == protocol)?.Metadata ?? [];

    public bool Offers(string protocol) => Protocols.Any(offered => offered.Name == protocol);

    /// <summary>Whether it offers just these, with the same metadata.</summary>
    public bool Offers(IReadOnlyList<GroupProtocol> protocols) =>
        Protocols.Count == protocols.Count
        && Protocols
            .Zip(protocols, (own, other) => own.Name == other.Name && own.Metadata.AsSpan().SequenceEqual(other.Metadata))
            .All(same => same);
}
