namespace Hybrid.Sandbox.Kafka.Groups;

/// <summary>The states of a group; their names are those of the protocol.</summary>
internal enum GroupState
{
    /// <summary>No members; offsets may be there.</summary>
    Empty,

    /// <summary>Waiting for all members to join.</summary>
    PreparingRebalance,

    /// <summary>Waiting for the leader to assign.</summary>
    CompletingRebalance,

    /// <summary>Every member has its share.</summary>
    Stable,

    /// <summary>Deleted.</summary>
    Dead,
}
