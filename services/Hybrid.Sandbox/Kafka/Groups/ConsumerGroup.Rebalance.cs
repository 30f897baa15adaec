using Hybrid.Sandbox.Kafka.Protocol;
using Microsoft.Extensions.Logging;

namespace Hybrid.Sandbox.Kafka.Groups;

internal sealed partial class ConsumerGroup
{
    private Task<JoinResult> JoinNew(JoinRequest request)
    {
        if (request.InstanceId is not null)
        {
            return FindStatic(request.InstanceId, out var present) == ErrorCode.None
                ? Replace(present, request)
                : Admit($"{request.InstanceId}-{Guid.NewGuid()}", request);
        }
        var id = $"{request.ClientId}-{Guid.NewGuid()}";
        if (!request.RequiresMemberId)
        {
            return Admit(id, request);
        }
        _promisedIds[id] = new Timer(_ => OnPromiseExpired(id), null, request.SessionTimeout, Timeout.InfiniteTimeSpan);
        return Refuse(ErrorCode.MemberIdRequired, id);
    }

    private Task<JoinResult> Admit(string id, JoinRequest request)
    {
        var member = new GroupMember(id, request);
        _members[id] = member;
        _grewWhileGathering = _gathering;
        _leader ??= id;
        _protocolType = request.ProtocolType;
        return Gather(member, "a member joined");
    }

    private Task<JoinResult> Rejoin(GroupMember member, JoinRequest request)
    {
        var unchanged = member.Offers(request.Protocols);
        member.Protocols = request.Protocols;
        member.SessionTimeout = request.SessionTimeout;
        member.RebalanceTimeout = request.RebalanceTimeout;
        var keepsItsShare = unchanged
            && (_state == GroupState.CompletingRebalance || (_state == GroupState.Stable && member.Id != _leader));
        if (!keepsItsShare)
        {
            return Gather(member, "a member joined again");
        }
        Heard(member);
        return Task.FromResult(Answer(member));
    }

    /// <summary>A static member came back under a new id: it takes over its share, and whoever holds the old id is fenced.</summary>
    private Task<JoinResult> Replace(GroupMember member, JoinRequest request)
    {
        var formerLeader = _leader;
        Dismiss(member, ErrorCode.FencedInstanceId);
        member.SessionTimer = null;
        _members.Remove(member.Id);
        if (_leader == member.Id)
        {
            _leader = null;
        }
        var replacement = new GroupMember($"{request.InstanceId}-{Guid.NewGuid()}", request) { Assignment = member.Assignment };
        _members[replacement.Id] = replacement;
        _leader ??= replacement.Id;
        if (_state != GroupState.Stable || SelectProtocol() != _protocol)
        {
            return Gather(replacement, "a static member came back");
        }
        Heard(replacement);
        Persist();

        // The former leader's id keeps a leader that came back from assigning anew, which nobody waits for.
        return Task.FromResult(Answer(replacement) with { Leader = formerLeader ?? "", Members = [] });
    }

    /// <summary>Lets a member wait for the group to gather, and starts that if need be.</summary>
    private Task<JoinResult> Gather(GroupMember member, string reason)
    {
        member.Joining?.TrySetResult(new JoinResult(ErrorCode.RebalanceInProgress, member.Id));
        var joining = member.Joining = NewAnswer<JoinResult>();
        Heard(member);
        PrepareRebalance(reason);
        TryCompleteJoin();
        return joining.Task;
    }

    private void PrepareRebalance(string reason)
    {
        if (_state == GroupState.PreparingRebalance)
        {
            return;
        }
        _logger.GroupRebalanced(Id, _members.Count, _generation, reason);
        _gathering = _state == GroupState.Empty && _options.InitialRebalanceDelay > TimeSpan.Zero;
        _grewWhileGathering = false;
        _gatheringSince = Environment.TickCount64;
        if (_state == GroupState.CompletingRebalance)
        {
            foreach (var member in _members.Values)
            {
                member.Assignment = [];
                member.Syncing?.TrySetResult(new SyncResult(ErrorCode.RebalanceInProgress, []));
                member.Syncing = null;
            }
        }
        _state = GroupState.PreparingRebalance;
        _joinDeadline.Change(_gathering ? _options.InitialRebalanceDelay : LongestRebalance(), Timeout.InfiniteTimeSpan);
    }

    private TimeSpan LongestRebalance() =>
        _members.Count == 0 ? TimeSpan.Zero : _members.Values.Max(member => member.RebalanceTimeout);

    private void TryCompleteJoin()
    {
        if (_state == GroupState.PreparingRebalance && !_gathering && _promisedIds.Count == 0
            && _members.Values.All(member => member.Joining is not null))
        {
            CompleteJoin();
        }
    }

    private void OnJoinDeadline()
    {
        lock (_gate)
        {
            if (_state != GroupState.PreparingRebalance)
            {
                return;
            }
            if (_gathering)
            {
                GatherOn();
                return;
            }
            foreach (var late in _members.Values.Where(member => member.Joining is null && member.InstanceId is null).ToArray())
            {
                _logger.MemberRemoved(Id, late.Id, "it did not join the rebalance in time");
                Forget(late, ErrorCode.UnknownMemberId);
            }
            if (_members.Count > 0 && _members.Values.All(member => member.Joining is null))
            {
                // Static members only, all of them away: their sessions decide.
                _joinDeadline.Change(LongestRebalance(), Timeout.InfiniteTimeSpan);
                return;
            }
            CompleteJoin();
        }
    }

    /// <summary>Waits on while members keep coming, but no longer than a rebalance may take, then lets the first rebalance happen.</summary>
    private void GatherOn()
    {
        var left = LongestRebalance() - TimeSpan.FromMilliseconds(Environment.TickCount64 - _gatheringSince);
        if (_grewWhileGathering && left > TimeSpan.Zero)
        {
            _grewWhileGathering = false;
            var wait = left < _options.InitialRebalanceDelay ? left : _options.InitialRebalanceDelay;
            _joinDeadline.Change(wait, Timeout.InfiniteTimeSpan);
            return;
        }
        _gathering = false;
        _joinDeadline.Change(LongestRebalance(), Timeout.InfiniteTimeSpan);
        TryCompleteJoin();
    }

    private void CompleteJoin()
    {
        _joinDeadline.Change(Timeout.Infinite, Timeout.Infinite);
        _generation++;
        if (_members.Count == 0)
        {
            _state = GroupState.Empty;
            _emptySince = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
            _protocol = null;
            Persist();
            return;
        }
        if (_members[_leader!].Joining is null)
        {
            _leader = _members.Values.First(member => member.Joining is not null).Id;
        }
        _protocol = SelectProtocol();
        _state = GroupState.CompletingRebalance;
        foreach (var member in _members.Values)
        {
            if (member.Joining is { } joining)
            {
                member.Joining = null;
                Heard(member);
                joining.TrySetResult(Answer(member));
            }
        }
    }

    private JoinResult Answer(GroupMember member) => new(
        ErrorCode.None, member.Id, _generation, _protocolType, _protocol, _leader!,
        member.Id == _leader
            ? [.. _members.Values.Select(each => new JoinedMember(each.Id, each.InstanceId, each.MetadataFor(_protocol!)))]
            : []);

    /// <summary>The protocol that most members like best, among those that all of them know.</summary>
    private string SelectProtocol()
    {
        var common = _members.Values
            .Select(member => member.Protocols.Select(protocol => protocol.Name))
            .Aggregate((known, next) => known.Intersect(next))
            .ToHashSet();
        return _members.Values
            .Select(member => member.Protocols.First(protocol => common.Contains(protocol.Name)).Name)
            .CountBy(name => name)
            .MaxBy(votes => votes.Value).Key;
    }

    private void Settle()
    {
        _state = GroupState.Stable;
        Persist();
        foreach (var member in _members.Values)
        {
            var syncing = member.Syncing;
            member.Syncing = null;
            syncing?.TrySetResult(new SyncResult(ErrorCode.None, member.Assignment, _protocolType, _protocol));
        }
    }

    private void OnPromiseExpired(string id)
    {
        lock (_gate)
        {
            if (_promisedIds.Remove(id, out var timer))
            {
                timer.Dispose();
                TryCompleteJoin();
            }
        }
    }

    private void Remove(GroupMember member, string reason)
    {
        _logger.MemberRemoved(Id, member.Id, reason);
        Forget(member, ErrorCode.UnknownMemberId);
        PrepareRebalance(reason);
        TryCompleteJoin();
    }

    private void Forget(GroupMember member, ErrorCode error)
    {
        Dismiss(member, error);
        _members.Remove(member.Id);
        if (_leader == member.Id)
        {
            _leader = _members.Count == 0 ? null : _members.GetAt(0).Value.Id;
        }
    }
}
