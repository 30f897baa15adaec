using Hybrid.Sandbox.Kafka.Protocol;
using Hybrid.Sandbox.Kafka.Storage;

namespace Hybrid.Sandbox.Kafka.Groups;

/// <summary>An offset to commit.</summary>
internal readonly record struct OffsetCommit(TopicPartition Partition, CommittedOffset Offset);

internal sealed partial class ConsumerGroup
{
    private readonly Dictionary<TopicPartition, CommittedOffset> _offsets = [];
    private readonly Dictionary<long, Dictionary<TopicPartition, CommittedOffset>> _pending = [];

    /// <summary>Commits, for a member of the current generation or, while the group has no members, for anybody.</summary>
    /// <exception cref="IOException">The disk did not take the offsets; none was committed.</exception>
    public ErrorCode Commit(MemberIdentity identity, IReadOnlyList<OffsetCommit> commits)
    {
        lock (_gate)
        {
            var outsider = identity.Generation < 0 && _state == GroupState.Empty;
            if (!outsider)
            {
                var error = Check(identity, out _);
                if (error != ErrorCode.None)
                {
                    return error;
                }
                if (_state == GroupState.CompletingRebalance)
                {
                    return ErrorCode.RebalanceInProgress;
                }
                Heard(_members[identity.MemberId]);
            }
            _store.Write([.. commits.Select(commit => GroupStore.OffsetChange(Id, commit.Partition, commit.Offset))]);
            foreach (var commit in commits)
            {
                _offsets[commit.Partition] = commit.Offset;
            }
            return ErrorCode.None;
        }
    }

    /// <summary>Keeps offsets of a transaction aside until it ends (KIP-98, KIP-447).</summary>
    /// <exception cref="IOException">The disk did not take the offsets.</exception>
    public ErrorCode CommitInTransaction(MemberIdentity identity, long producerId, IReadOnlyList<OffsetCommit> commits)
    {
        lock (_gate)
        {
            var isMember = identity.MemberId.Length > 0 || identity.InstanceId is not null;
            if (isMember && Find(identity.MemberId, identity.InstanceId, out _) is var error and not ErrorCode.None)
            {
                return error;
            }
            if (identity.Generation >= 0 && identity.Generation != _generation)
            {
                return ErrorCode.IllegalGeneration;
            }
            _store.Write([.. commits.Select(commit => GroupStore.PendingChange(Id, producerId, commit.Partition, commit.Offset))]);
            if (!_pending.TryGetValue(producerId, out var pending))
            {
                _pending[producerId] = pending = [];
            }
            foreach (var commit in commits)
            {
                pending[commit.Partition] = commit.Offset;
            }
            return ErrorCode.None;
        }
    }

    /// <summary>Commits or forgets the offsets of a transaction that ended. A repetition does nothing.</summary>
    /// <exception cref="IOException">The disk did not take the change; nothing has changed.</exception>
    public void EndTransaction(long producerId, bool commit)
    {
        lock (_gate)
        {
            if (!_pending.TryGetValue(producerId, out var pending))
            {
                return;
            }
            var changes = new List<JournalChange>();
            foreach (var (partition, offset) in pending)
            {
                changes.Add(GroupStore.PendingChange(Id, producerId, partition, null));
                if (commit)
                {
                    changes.Add(GroupStore.OffsetChange(Id, partition, offset));
                }
            }
            _store.Write([.. changes]);
            _pending.Remove(producerId);
            if (commit)
            {
                foreach (var (partition, offset) in pending)
                {
                    _offsets[partition] = offset;
                }
            }
        }
    }

    /// <summary>The committed offset; null when there is none.</summary>
    /// <param name="partition">The partition.</param>
    /// <param name="stable">Whether an offset of a transaction still open is an error (KIP-447).</param>
    /// <param name="error">UnstableOffsetCommit when one is pending, else none.</param>
    public CommittedOffset? Offset(TopicPartition partition, bool stable, out ErrorCode error)
    {
        lock (_gate)
        {
            error = stable && _pending.Values.Any(pending => pending.ContainsKey(partition))
                ? ErrorCode.UnstableOffsetCommit
                : ErrorCode.None;
            return error == ErrorCode.None ? _offsets.GetValueOrDefault(partition) : null;
        }
    }

    /// <summary>The partitions with a committed offset.</summary>
    public TopicPartition[] CommittedPartitions()
    {
        lock (_gate)
        {
            return [.. _offsets.Keys];
        }
    }

    /// <summary>Forgets the offsets of partitions, as when their topic is deleted.</summary>
    public void ForgetOffsets(Func<TopicPartition, bool> forgotten)
    {
        lock (_gate)
        {
            var gone = _offsets.Keys.Where(forgotten).ToArray();
            _store.Write([.. gone.Select(partition => GroupStore.OffsetChange(Id, partition, null))]);
            Array.ForEach(gone, partition => _offsets.Remove(partition));
        }
    }

    /// <summary>Deletes the group and its offsets, if it has no members.</summary>
    public ErrorCode Delete()
    {
        lock (_gate)
        {
            if (_state is not (GroupState.Empty or GroupState.Dead))
            {
                return ErrorCode.NonEmptyGroup;
            }
            _store.Write([
                GroupStore.GroupChange(Id, null),
                .. _offsets.Keys.Select(partition => GroupStore.OffsetChange(Id, partition, null)),
                .. _pending.SelectMany(producer => producer.Value.Keys.Select(
                    partition => GroupStore.PendingChange(Id, producer.Key, partition, null))),
            ]);
            _offsets.Clear();
            _pending.Clear();
            _state = GroupState.Dead;
            return ErrorCode.None;
        }
    }

    /// <summary>Whether it holds nothing that anybody could come back for: then it dies.</summary>
    public bool TryRetire()
    {
        lock (_gate)
        {
            var idle = _state == GroupState.Empty && _promisedIds.Count == 0 && _offsets.Count == 0 && _pending.Count == 0;
            return idle && Delete() == ErrorCode.None;
        }
    }

    public void Restore(StoredGroup stored)
    {
        lock (_gate)
        {
            _generation = stored.Generation;
            _protocolType = stored.ProtocolType;
            _protocol = stored.Protocol;
            _leader = stored.Leader;
            _emptySince = stored.EmptySince;
            foreach (var each in stored.Members)
            {
                var request = new JoinRequest(
                    each.Id, each.InstanceId, each.ClientId, each.ClientHost, TimeSpan.FromMilliseconds(each.SessionTimeout),
                    TimeSpan.FromMilliseconds(each.RebalanceTimeout), stored.ProtocolType ?? "", each.Protocols)
                {
                    RequiresMemberId = false,
                };
                var member = new GroupMember(each.Id, request) { Assignment = each.Assignment };
                _members[each.Id] = member;
                _state = GroupState.Stable;
                Heard(member);
            }
        }
    }

    public void Restore(TopicPartition partition, CommittedOffset offset) => _offsets[partition] = offset;

    public void RestorePending(long producerId, TopicPartition partition, CommittedOffset offset)
    {
        if (!_pending.TryGetValue(producerId, out var pending))
        {
            _pending[producerId] = pending = [];
        }
        pending[partition] = offset;
    }

    private void Persist()
    {
        try
        {
            _store.Write(GroupStore.GroupChange(Id, new StoredGroup(_generation, _protocolType, _protocol, _leader, _emptySince,
                [.. _members.Values.Select(member => new StoredMember(
                    member.Id, member.InstanceId, member.ClientId, member.ClientHost, (long)member.SessionTimeout.TotalMilliseconds,
                    (long)member.RebalanceTimeout.TotalMilliseconds, member.Protocols, member.Assignment))])));
        }
        catch (IOException exception)
        {
            // Without it the members have to join again after a restart, which loses nothing.
            _logger.BackgroundFailed(exception);
        }
    }
}
