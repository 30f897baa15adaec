using System.Collections.Concurrent;
using Hybrid.Sandbox.Kafka.Protocol;
using Microsoft.Extensions.Logging;

namespace Hybrid.Sandbox.Kafka.Groups;

/// <summary>The groups that there are.</summary>
internal sealed class GroupCoordinator : IDisposable
{
    private readonly KafkaBrokerOptions _options;
    private readonly ILogger _logger;
    private readonly GroupStore _store;
    private readonly ConcurrentDictionary<string, ConsumerGroup> _groups = new(StringComparer.Ordinal);

    /// <exception cref="IOException">The journal cannot be opened.</exception>
    public GroupCoordinator(KafkaBrokerOptions options, ILogger logger)
    {
        _options = options;
        _logger = logger;
        _store = new GroupStore(options);
        _store.Load(
            (group, stored) => GetOrAdd(group).Restore(stored),
            (group, partition, offset) => GetOrAdd(group).Restore(partition, offset),
            (group, producerId, partition, offset) => GetOrAdd(group).RestorePending(producerId, partition, offset));
    }

    public IEnumerable<ConsumerGroup> All => _groups.Values;

    public static bool IsValidId(string group) => group.Length > 0 && !group.Contains('\0');

    public ConsumerGroup? Find(string group) => _groups.GetValueOrDefault(group);

    public ConsumerGroup GetOrAdd(string group) => _groups.GetOrAdd(group, id => new ConsumerGroup(id, _options, _store, _logger));

    public Task<JoinResult> JoinAsync(string group, JoinRequest request)
    {
        var timeout = request.SessionTimeout;
        var error = !IsValidId(group) ? ErrorCode.InvalidGroupId
            : timeout < _options.MinSessionTimeout || timeout > _options.MaxSessionTimeout ? ErrorCode.InvalidSessionTimeout
            : request.MemberId.Length > 0 && Find(group) is null ? ErrorCode.UnknownMemberId
            : ErrorCode.None;
        return error == ErrorCode.None ? GetOrAdd(group).JoinAsync(request) : Task.FromResult(new JoinResult(error, request.MemberId));
    }

    public ErrorCode Commit(string group, MemberIdentity identity, IReadOnlyList<OffsetCommit> commits)
    {
        if (!IsValidId(group))
        {
            return ErrorCode.InvalidGroupId;
        }
        return identity.Generation >= 0 && Find(group) is null ? ErrorCode.IllegalGeneration : GetOrAdd(group).Commit(identity, commits);
    }

    public ErrorCode Delete(string group)
    {
        if (Find(group) is not { } found)
        {
            return IsValidId(group) ? ErrorCode.GroupIdNotFound : ErrorCode.InvalidGroupId;
        }
        var error = found.Delete();
        if (error == ErrorCode.None)
        {
            Drop(found);
        }
        return error;
    }

    /// <summary>Forgets the offsets that were not used for longer than their retention.</summary>
    public void ExpireOffsets(DateTimeOffset now)
    {
        var before = (now - _options.OffsetRetention).ToUnixTimeMilliseconds();
        foreach (var group in All)
        {
            group.ExpireOffsets(before);
        }
    }

    /// <summary>Drops the groups that have neither members nor offsets.</summary>
    public void RetireIdle()
    {
        foreach (var group in All.Where(group => group.TryRetire()).ToArray())
        {
            Drop(group);
        }
    }

    /// <summary>Forgets what all groups committed for a topic that is gone.</summary>
    public void ForgetTopic(string topic)
    {
        foreach (var group in All)
        {
            group.ForgetOffsets(partition => partition.Topic == topic);
        }
    }

    public void Dispose()
    {
        foreach (var group in All)
        {
            group.Dispose();
        }
        _store.Dispose();
    }

    private void Drop(ConsumerGroup group)
    {
        _groups.TryRemove(new(group.Id, group));
        group.Dispose();
    }
}
