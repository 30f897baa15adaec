using Hybrid.Sandbox.Kafka.Protocol;

namespace Hybrid.Sandbox.Kafka.Groups;

internal sealed partial class ConsumerGroup
{
    private long _emptySince;

    /// <summary>
    /// Forgets offsets that nobody came back for (KIP-211): those of a group without members, a while after the last one went
    /// and the last commit; and in a group that consumes, those of topics that no member subscribes to.
    /// </summary>
    /// <param name="before">Offsets last used before it go, milliseconds since 1970.</param>
    public void ExpireOffsets(long before)
    {
        lock (_gate)
        {
            if (_state is GroupState.Empty ? _emptySince >= before : _state != GroupState.Stable || !Consumes)
            {
                return;
            }
            ForgetOffsets(partition =>
                _offsets[partition].CommittedAt < before
                && !_pending.Values.Any(pending => pending.ContainsKey(partition))
                && !Subscribes(partition.Topic));
        }
    }

    /// <summary>Deletes offsets on request: of any partition while the group is empty, else of topics that no member subscribes to.</summary>
    /// <param name="partitions">Whose offsets.</param>
    /// <param name="consumed">Those of them that the group consumes, whose offsets stay.</param>
    public ErrorCode DeleteOffsets(IReadOnlySet<TopicPartition> partitions, out IReadOnlySet<TopicPartition> consumed)
    {
        lock (_gate)
        {
            consumed = new HashSet<TopicPartition>();
            if (_state == GroupState.Dead)
            {
                return ErrorCode.GroupIdNotFound;
            }
            if (_state != GroupState.Empty && !Consumes)
            {
                return ErrorCode.NonEmptyGroup;
            }
            consumed = partitions.Where(partition => Subscribes(partition.Topic)).ToHashSet();
            ForgetOffsets(partitions.Except(consumed).ToHashSet().Contains);
            return ErrorCode.None;
        }
    }

    private bool Consumes => _protocolType == ConsumerSubscription.ProtocolType;

    private bool Subscribes(string topic) => _members.Values.Any(member =>
        member.Protocols.Any(protocol => ConsumerSubscription.Topics(protocol.Metadata)?.Contains(topic) ?? true));
}
