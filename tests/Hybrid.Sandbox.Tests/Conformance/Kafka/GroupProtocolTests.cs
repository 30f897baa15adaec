using Hybrid.Sandbox.Kafka.Protocol;
using Hybrid.Sandbox.Tests.Kafka;

namespace Hybrid.Sandbox.Tests.Conformance.Kafka;

public sealed class GroupProtocolTests
{
    [Fact]
    public async Task NewMember_LearnsItsIdFirstAndTheLeaderAloneTheMembers()
    {
        await using var running = await RunningBroker.StartAsync();
        using var first = await GroupWire.ConnectAsync(running, "g");
        using var second = await GroupWire.ConnectAsync(running, "g");

        var promised = await first.JoinAsync("");
        var alone = await first.JoinAsync(promised.MemberId);
        await first.SyncAsync(alone.Generation, alone.MemberId, alone.MemberId);
        var joining = second.EnterAsync();
        await Polling.UntilAsync(async () =>
            await first.HeartbeatAsync(alone.Generation, alone.MemberId) == ErrorCode.RebalanceInProgress);
        var leader = await first.JoinAsync(alone.MemberId);
        var follower = await joining;

        Assert.Equal(ErrorCode.MemberIdRequired, promised.Error);
        Assert.StartsWith("wire-", promised.MemberId, StringComparison.Ordinal);
        Assert.Equal((ErrorCode.None, 1, "range"), (alone.Error, alone.Generation, alone.Protocol));
        Assert.Equal([alone.MemberId], alone.Members);
        Assert.Equal((2, alone.MemberId), (leader.Generation, leader.Leader));
        Assert.Equal(new[] { leader.MemberId, follower.MemberId }.ToHashSet(), leader.Members.ToHashSet());
        Assert.Equal((2, alone.MemberId), (follower.Generation, follower.Leader));
        Assert.Empty(follower.Members);
    }

    [Fact]
    public async Task NewMember_OfAnOldVersion_JoinsAtOnce()
    {
        await using var running = await RunningBroker.StartAsync();
        using var member = await GroupWire.ConnectAsync(running, "g");

        var joined = await member.JoinAsync("", version: 3);

        Assert.Equal((ErrorCode.None, 1), (joined.Error, joined.Generation));
        Assert.Equal(joined.MemberId, joined.Leader);
    }

    [Fact]
    public async Task Member_OfTheWrongIdOrGeneration_IsRefusedEverywhere()
    {
        await using var running = await RunningBroker.StartAsync();
        await running.CreateTopicAsync("t");
        using var member = await GroupWire.ConnectAsync(running, "g");
        var joined = await member.EnterAsync();
        var (generation, id) = (joined.Generation, joined.MemberId);

        Assert.Equal(ErrorCode.RebalanceInProgress, await member.CommitAsync(generation, id, "t"));
        Assert.Equal(ErrorCode.None, await member.SyncAsync(generation, id, id));

        Assert.Equal(ErrorCode.UnknownMemberId, (await member.JoinAsync("nobody")).Error);
        Assert.Equal(ErrorCode.UnknownMemberId, await member.SyncAsync(generation, "nobody"));
        Assert.Equal(ErrorCode.UnknownMemberId, await member.HeartbeatAsync(generation, "nobody"));
        Assert.Equal(ErrorCode.UnknownMemberId, await member.CommitAsync(generation, "nobody", "t"));
        Assert.Equal(ErrorCode.UnknownMemberId, await member.CommitAsync(-1, "", "t"));
        Assert.Equal(ErrorCode.UnknownMemberId, await member.LeaveAsync("nobody"));
        Assert.Equal(ErrorCode.IllegalGeneration, await member.SyncAsync(generation + 1, id));
        Assert.Equal(ErrorCode.IllegalGeneration, await member.HeartbeatAsync(generation - 1, id));
        Assert.Equal(ErrorCode.IllegalGeneration, await member.CommitAsync(generation + 1, id, "t"));
        Assert.Equal(ErrorCode.None, await member.HeartbeatAsync(generation, id));
        Assert.Equal(ErrorCode.None, await member.CommitAsync(generation, id, "t"));
        Assert.Equal(ErrorCode.None, await member.LeaveAsync(id));
        Assert.Equal(ErrorCode.UnknownMemberId, await member.HeartbeatAsync(generation, id));
        Assert.Equal(ErrorCode.UnknownMemberId, await member.CommitAsync(generation, id, "t"));
        Assert.Equal(ErrorCode.None, await member.CommitAsync(-1, "", "t"));
    }

    [Fact]
    public async Task Member_OfAGroupThatIsNotThere_HasNoGeneration()
    {
        await using var running = await RunningBroker.StartAsync();
        await running.CreateTopicAsync("t");
        using var member = await GroupWire.ConnectAsync(running, "unknown");

        Assert.Equal(ErrorCode.IllegalGeneration, await member.CommitAsync(3, "somebody", "t"));
        Assert.Equal(ErrorCode.UnknownMemberId, await member.HeartbeatAsync(3, "somebody"));
        Assert.Equal(ErrorCode.UnknownMemberId, (await member.JoinAsync("somebody")).Error);
    }

    [Fact]
    public async Task Join_ThatDoesNotFitTheGroup_IsRefused()
    {
        await using var running = await RunningBroker.StartAsync();
        using var member = await GroupWire.ConnectAsync(running, "g");
        using var other = await GroupWire.ConnectAsync(running, "g");
        await member.EnterAsync("range", "roundrobin");

        Assert.Equal(ErrorCode.InconsistentGroupProtocol, (await other.JoinAsync("", protocols: "sticky")).Error);
        Assert.Equal(ErrorCode.InvalidSessionTimeout, (await other.JoinAsync("", sessionTimeout: 5)).Error);
        Assert.Equal(ErrorCode.InvalidSessionTimeout, (await other.JoinAsync("", sessionTimeout: int.MaxValue)).Error);
        using var nameless = await GroupWire.ConnectAsync(running, "");
        Assert.Equal(ErrorCode.InvalidGroupId, (await nameless.JoinAsync("")).Error);
    }

    [Fact]
    public async Task Member_ThatHeartbeatsButDoesNotRejoin_IsRemovedAfterTheRebalanceTimeout()
    {
        await using var running = await RunningBroker.StartAsync();
        using var lazy = await GroupWire.ConnectAsync(running, "g");
        using var other = await GroupWire.ConnectAsync(running, "g");
        var promised = await lazy.JoinAsync("", rebalanceTimeout: 300);
        var joined = await lazy.JoinAsync(promised.MemberId, rebalanceTimeout: 300);
        await lazy.SyncAsync(joined.Generation, joined.MemberId, joined.MemberId);
        var next = await other.JoinAsync("", rebalanceTimeout: 300);

        var alone = await other.JoinAsync(next.MemberId, rebalanceTimeout: 300);

        Assert.Equal((ErrorCode.None, 2), (alone.Error, alone.Generation));
        Assert.Equal([next.MemberId], alone.Members);
        Assert.Equal(ErrorCode.UnknownMemberId, await lazy.HeartbeatAsync(joined.Generation, joined.MemberId));
    }

    [Fact]
    public async Task FirstRebalance_OfAGroupWithADelay_GathersWhoComesMeanwhile()
    {
        await using var running = await RunningBroker.StartAsync(options => options with
        {
            InitialRebalanceDelay = TimeSpan.FromSeconds(1),
        });
        var members = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => GroupWire.ConnectAsync(running, "g")));

        var joined = await Task.WhenAll(members.Select(member => member.EnterAsync()));

        Assert.All(joined, member => Assert.Equal((ErrorCode.None, 1), (member.Error, member.Generation)));
        Assert.Equal(4, joined.Single(member => member.Members.Length > 0).Members.Length);
        Array.ForEach(members, member => member.Dispose());
    }
}
