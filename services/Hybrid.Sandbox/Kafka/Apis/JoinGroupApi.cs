using Hybrid.Sandbox.Kafka.Groups;
using Hybrid.Sandbox.Kafka.Protocol;

namespace Hybrid.Sandbox.Kafka.Apis;

/// <summary>Joins a group and answers when all its members have.</summary>
internal sealed class JoinGroupApi(GroupCoordinator groups) : IApi
{
    private const short FirstWithMemberIdRound = 4;

    public ApiVersionRange Versions { get; } = new(ApiKey.JoinGroup, 0, 7, FlexibleFrom: 6);

    public bool MayWait => true;

    public async ValueTask<bool> HandleAsync(KafkaRequest request, ResponseWriter response, CancellationToken cancellationToken)
    {
        var (group, join) = Read(request);
        var result = await groups.JoinAsync(group, join).WaitAsync(cancellationToken).ConfigureAwait(false);
        Write(response, request.Version, result);
        return true;
    }

    private static (string Group, JoinRequest Join) Read(KafkaRequest request)
    {
        var version = request.Version;
        var reader = request.Reader();
        var group = reader.String();
        var sessionTimeout = TimeSpan.FromMilliseconds(reader.Int32());
        var rebalanceTimeout = version >= 1 ? TimeSpan.FromMilliseconds(Math.Max(0, reader.Int32())) : sessionTimeout;
        var memberId = reader.String();
        var instanceId = version >= 5 ? reader.NullableString() : null;
        var protocolType = reader.String();
        var protocols = new GroupProtocol[reader.ArrayLength()];
        for (var i = 0; i < protocols.Length; i++)
        {
            protocols[i] = new GroupProtocol(reader.String(), reader.Bytes().ToArray());
            reader.TaggedFields();
        }
        return (group, new JoinRequest(
            memberId, instanceId, request.ClientId, request.ClientHost, sessionTimeout, rebalanceTimeout, protocolType, protocols)
        {
            RequiresMemberId = version >= FirstWithMemberIdRound,
        });
    }

    private static void Write(ResponseWriter response, short version, JoinResult result)
    {
        if (version >= 2)
        {
            response.Int32(0);
        }
        response.Error(result.Error);
        response.Int32(result.Generation);
        if (version >= 7)
        {
            response.String(result.ProtocolType);
        }
        response.String(version >= 7 ? result.Protocol : result.Protocol ?? "");
        response.String(result.Leader);
        response.String(result.MemberId);
        response.ArrayLength(result.Members?.Count ?? 0);
        foreach (var member in result.Members ?? [])
        {
            response.String(member.Id);
            if (version >= 5)
            {
                response.String(member.InstanceId);
            }
            response.Bytes(member.Metadata);
            response.TaggedFields();
        }
        response.TaggedFields();
    }
}
