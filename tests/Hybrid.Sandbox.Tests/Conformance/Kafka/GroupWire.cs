using Hybrid.Sandbox.Kafka.Protocol;
using Hybrid.Sandbox.Tests.Kafka;

namespace Hybrid.Sandbox.Tests.Conformance.Kafka;

/// <summary>The answer to a JoinGroup.</summary>
internal sealed record Joined(ErrorCode Error, int Generation, string Protocol, string Leader, string MemberId, string[] Members);

/// <summary>Speaks the group protocol by hand, to say what clients never do.</summary>
internal sealed class GroupWire(WireClient client, string group) : IDisposable
{
    public static async Task<GroupWire> ConnectAsync(RunningBroker running, string group) =>
        new(await WireClient.ConnectAsync(running.Broker.Port), group);

    /// <param name="memberId">Empty to be given one.</param>
    /// <param name="version">From 4 on a new member first learns its id (KIP-394).</param>
    /// <param name="sessionTimeout">In milliseconds.</param>
    /// <param name="rebalanceTimeout">In milliseconds.</param>
    /// <param name="protocols">The assignors offered.</param>
    public async Task<Joined> JoinAsync(
        string memberId, short version = 4, int sessionTimeout = 60_000, int rebalanceTimeout = 30_000, params string[] protocols)
    {
        string[] offered = protocols.Length == 0 ? ["range"] : protocols;
        var response = await client.CallAsync(ApiKey.JoinGroup, version, writer =>
        {
            writer.String(group).Int32(sessionTimeout).Int32(rebalanceTimeout).String(memberId).String("consumer").Int32(offered.Length);
            foreach (var protocol in offered)
            {
                writer.String(protocol).Bytes([]);
            }
        });
        var reader = new RequestReader(response, flexible: false);
        reader.Int32();
        var joined = new Joined(
            (ErrorCode)reader.Int16(), reader.Int32(), reader.String(), reader.String(), reader.String(), new string[reader.ArrayLength()]);
        for (var i = 0; i < joined.Members.Length; i++)
        {
            joined.Members[i] = reader.String();
            reader.Bytes();
        }
        return joined;
    }

    /// <summary>Joins as a new member does: learns its id, then joins with it.</summary>
    public async Task<Joined> EnterAsync(params string[] protocols)
    {
        var promised = await JoinAsync("", protocols: protocols);
        Assert.Equal(ErrorCode.MemberIdRequired, promised.Error);
        return await JoinAsync(promised.MemberId, protocols: protocols);
    }

    public async Task<ErrorCode> SyncAsync(int generation, string memberId, params string[] assigned) => Error(
        await client.CallAsync(ApiKey.SyncGroup, 1, writer =>
        {
            writer.String(group).Int32(generation).String(memberId).Int32(assigned.Length);
            foreach (var member in assigned)
            {
                writer.String(member).Bytes([1]);
            }
        }));

    public async Task<ErrorCode> HeartbeatAsync(int generation, string memberId) => Error(
        await client.CallAsync(ApiKey.Heartbeat, 1, writer => writer.String(group).Int32(generation).String(memberId)));

    public async Task<ErrorCode> LeaveAsync(string memberId) => Error(
        await client.CallAsync(ApiKey.LeaveGroup, 1, writer => writer.String(group).String(memberId)));

    /// <summary>Removes a static member by its name, as an administrator does.</summary>
    public async Task<ErrorCode> RemoveAsync(string instanceId)
    {
        var response = await client.CallAsync(ApiKey.LeaveGroup, 3, writer => writer.String(group).Int32(1).String("").String(instanceId));
        var reader = new RequestReader(response, flexible: false);
        reader.Int32();
        Assert.Equal((short)ErrorCode.None, reader.Int16());
        Assert.Equal(1, reader.ArrayLength());
        reader.String();
        Assert.Equal(instanceId, reader.NullableString());
        return (ErrorCode)reader.Int16();
    }

    public async Task<ErrorCode> CommitAsync(int generation, string memberId, string topic)
    {
        var response = await client.CallAsync(ApiKey.OffsetCommit, 5, writer => writer
            .String(group).Int32(generation).String(memberId).Int32(1).String(topic).Int32(1).Int32(0).Int64(1).String(null));
        var reader = new RequestReader(response, flexible: false);
        reader.Int32();
        reader.ArrayLength();
        reader.String();
        reader.ArrayLength();
        reader.Int32();
        return (ErrorCode)reader.Int16();
    }

    public void Dispose() => client.Dispose();

    private static ErrorCode Error(byte[] response)
    {
        var reader = new RequestReader(response, flexible: false);
        reader.Int32();
        return (ErrorCode)reader.Int16();
    }
}
