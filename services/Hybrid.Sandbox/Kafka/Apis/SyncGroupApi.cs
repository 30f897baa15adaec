using Hybrid.Sandbox.Kafka.Groups;
using Hybrid.Sandbox.Kafka.Protocol;

namespace Hybrid.Sandbox.Kafka.Apis;

/// <summary>Takes the leader's assignments and gives each member its own.</summary>
internal sealed class SyncGroupApi(GroupCoordinator groups) : IApi
{
    public ApiVersionRange Versions { get; } = new(ApiKey.SyncGroup, 0, 5, FlexibleFrom: 4);

    public bool MayWait => true;

    public async ValueTask<bool> HandleAsync(KafkaRequest request, ResponseWriter response, CancellationToken cancellationToken)
    {
        var result = await SyncAsync(request).WaitAsync(cancellationToken).ConfigureAwait(false);
        if (request.Version >= 1)
        {
            response.Int32(0);
        }
        response.Error(result.Error);
        if (request.Version >= 5)
        {
            response.String(result.ProtocolType);
            response.String(result.Protocol);
        }
        response.Bytes(result.Assignment);
        response.TaggedFields();
        return true;
    }

    private Task<SyncResult> SyncAsync(KafkaRequest request)
    {
        var version = request.Version;
        var reader = request.Reader();
        var group = reader.String();
        var generation = reader.Int32();
        var memberId = reader.String();
        var identity = new MemberIdentity(generation, memberId, version >= 3 ? reader.NullableString() : null);
        var (protocolType, protocol) = version >= 5 ? (reader.NullableString(), reader.NullableString()) : (null, null);
        var assignments = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        for (var count = reader.ArrayLength(); count > 0; count--)
        {
            assignments[reader.String()] = reader.Bytes().ToArray();
            reader.TaggedFields();
        }
        return groups.Find(group) is { } found
            ? found.SyncAsync(identity, protocolType, protocol, assignments)
            : Task.FromResult(new SyncResult(ErrorCode.UnknownMemberId, []));
    }
}
