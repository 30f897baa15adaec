using Hybrid.Sandbox.Kafka.Protocol;
using Microsoft.Extensions.Logging;

namespace Hybrid.Sandbox.Kafka.Groups;

/// <summary>
/// The members of one group and their rebalances: the classic protocol (JoinGroup, SyncGroup, Heartbeat, LeaveGroup) as
/// Kafka's own coordinator speaks it. Every change happens under the group's lock; nothing waits while holding it.
/// </summary>
internal sealed partial class ConsumerGroup : IDisposable
{
    private readonly Lock _gate = new();
    private readonly KafkaBrokerOptions _options;
    private readonly GroupStore _store;
    private readonly ILogger _logger;
    private readonly OrderedDictionary<string, GroupMember> _members = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Timer> _promisedIds = new(StringComparer.Ordinal);
    private readonly Timer _joinDeadline;
    private GroupState _state = GroupState.Empty;
    private bool _gathering;
    private bool _grewWhileGathering;
    private long _gatheringSince;
    private int _generation;
    private string? _protocolType;
    private string? _protocol;
    private string? _leader;

    public ConsumerGroup(string id, KafkaBrokerOptions options, GroupStore store, ILogger logger)
    {
        Id = id;
        _options = options;
        _store = store;
        _logger = logger;
        _joinDeadline = new Timer(_ => OnJoinDeadline());
    }

    public string Id { get; }

    /// <summary>Joins, and answers when the group has gathered.</summary>
    public Task<JoinResult> JoinAsync(JoinRequest request)
    {
        lock (_gate)
        {
            if (_state == GroupState.Dead)
            {
                return Refuse(ErrorCode.CoordinatorNotAvailable, request.MemberId);
            }
            if (!Accepts(request))
            {
                return Refuse(ErrorCode.InconsistentGroupProtocol, request.MemberId);
            }
            if (request.MemberId.Length == 0)
            {
                return JoinNew(request);
            }
            if (_promisedIds.Remove(request.MemberId, out var promise))
            {
                promise.Dispose();
                return Admit(request.MemberId, request);
            }
            var error = Find(request.MemberId, request.InstanceId, out var member);
            return error == ErrorCode.None ? Rejoin(member, request) : Refuse(error, request.MemberId);
        }
    }

    /// <summary>Gives the leader's assignments, or waits for them.</summary>
    public Task<SyncResult> SyncAsync(
        MemberIdentity identity, string? protocolType, string? protocol, IReadOnlyDictionary<string, byte[]> assignments)
    {
        lock (_gate)
        {
            var error = Check(identity, out var member);
            if (error == ErrorCode.None
                && ((protocolType is not null && protocolType != _protocolType) || (protocol is not null && protocol != _protocol)))
            {
                error = ErrorCode.InconsistentGroupProtocol;
            }
            if (error == ErrorCode.None && _state == GroupState.PreparingRebalance)
            {
                error = ErrorCode.RebalanceInProgress;
            }
            if (error != ErrorCode.None)
            {
                return Task.FromResult(new SyncResult(error, []));
            }
            Heard(member);
            if (_state == GroupState.Stable)
            {
                return Task.FromResult(new SyncResult(ErrorCode.None, member.Assignment, _protocolType, _protocol));
            }
            member.Syncing?.TrySetResult(new SyncResult(ErrorCode.RebalanceInProgress, []));
            var syncing = member.Syncing = NewAnswer<SyncResult>();
            if (member.Id == _leader)
            {
                foreach (var each in _members.Values)
                {
                    each.Assignment = assignments.GetValueOrDefault(each.Id, []);
                }
                Settle();
            }
            return syncing.Task;
        }
    }

    public ErrorCode Heartbeat(MemberIdentity identity)
    {
        lock (_gate)
        {
            var error = Check(identity, out var member);
            if (error == ErrorCode.None)
            {
                Heard(member);
            }
            return error == ErrorCode.None && _state == GroupState.PreparingRebalance ? ErrorCode.RebalanceInProgress : error;
        }
    }

    public ErrorCode Leave(string memberId, string? instanceId)
    {
        lock (_gate)
        {
            if (_promisedIds.Remove(memberId, out var promise))
            {
                promise.Dispose();
                TryCompleteJoin();
                return ErrorCode.None;
            }
            var error = memberId.Length == 0 && instanceId is not null
                ? FindStatic(instanceId, out var member)
                : Find(memberId, instanceId, out member);
            if (error == ErrorCode.None)
            {
                Remove(member, "it left");
            }
            return error;
        }
    }

    public GroupDescription Describe()
    {
        lock (_gate)
        {
            var settled = _state == GroupState.Stable;
            return new GroupDescription(_state.ToString(), _protocolType ?? "", settled ? _protocol ?? "" : "",
                [.. _members.Values.Select(member => new MemberDescription(
                    member.Id, member.InstanceId, member.ClientId, member.ClientHost,
                    settled ? member.MetadataFor(_protocol!) : [], settled ? member.Assignment : []))]);
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _state = GroupState.Dead;
            _joinDeadline.Dispose();
            foreach (var timer in _promisedIds.Values)
            {
                timer.Dispose();
            }
            foreach (var member in _members.Values)
            {
                Dismiss(member, ErrorCode.CoordinatorNotAvailable);
            }
            _members.Clear();
        }
    }

    private static TaskCompletionSource<T> NewAnswer<T>() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static Task<JoinResult> Refuse(ErrorCode error, string memberId) => Task.FromResult(new JoinResult(error, memberId));

    private static void Dismiss(GroupMember member, ErrorCode error)
    {
        member.SessionTimer?.Dispose();
        member.Joining?.TrySetResult(new JoinResult(error, member.Id));
        member.Syncing?.TrySetResult(new SyncResult(error, []));
        member.Joining = null;
        member.Syncing = null;
    }

    private bool Accepts(JoinRequest request)
    {
        var others = _members.Values.Where(member => member.Id != request.MemberId).ToArray();
        return request.ProtocolType.Length > 0 && request.Protocols.Count > 0
            && (others.Length == 0
                || (request.ProtocolType == _protocolType
                    && request.Protocols.Any(protocol => others.All(member => member.Offers(protocol.Name)))));
    }

    private ErrorCode Check(MemberIdentity identity, out GroupMember member)
    {
        var error = _state is GroupState.Dead or GroupState.Empty
            ? UnknownMember(out member)
            : Find(identity.MemberId, identity.InstanceId, out member);
        return error == ErrorCode.None && identity.Generation != _generation ? ErrorCode.IllegalGeneration : error;
    }

    private ErrorCode Find(string memberId, string? instanceId, out GroupMember member)
    {
        if (instanceId is not null)
        {
            var error = FindStatic(instanceId, out member);
            return error == ErrorCode.None && member.Id != memberId ? ErrorCode.FencedInstanceId : error;
        }
        return _members.TryGetValue(memberId, out var found) ? Found(found, out member) : UnknownMember(out member);
    }

    private ErrorCode FindStatic(string instanceId, out GroupMember member) =>
        _members.Values.FirstOrDefault(each => each.InstanceId == instanceId) is { } found
            ? Found(found, out member)
            : UnknownMember(out member);

    private static ErrorCode Found(GroupMember found, out GroupMember member)
    {
        member = found;
        return ErrorCode.None;
    }

    private static ErrorCode UnknownMember(out GroupMember member)
    {
        member = null!;
        return ErrorCode.UnknownMemberId;
    }

    private void Heard(GroupMember member)
    {
        member.LastHeard = Environment.TickCount64;
        member.SessionTimer ??= new Timer(_ => OnSessionTimeout(member));
        member.SessionTimer.Change(member.SessionTimeout, Timeout.InfiniteTimeSpan);
    }

    private void OnSessionTimeout(GroupMember member)
    {
        lock (_gate)
        {
            if (!_members.TryGetValue(member.Id, out var present) || present != member)
            {
                return;
            }
            var silent = Environment.TickCount64 - member.LastHeard;
            var left = (long)member.SessionTimeout.TotalMilliseconds - silent;
            if (member.Joining is not null || member.Syncing is not null)
            {
                member.SessionTimer!.Change(member.SessionTimeout, Timeout.InfiniteTimeSpan);
            }
            else if (left > 0)
            {
                member.SessionTimer!.Change(left, Timeout.Infinite);
            }
            else
            {
                Remove(member, "its session timed out");
            }
        }
    }
}
