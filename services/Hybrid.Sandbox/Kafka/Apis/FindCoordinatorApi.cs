using Hybrid.Sandbox.Kafka.Groups;
using Hybrid.Sandbox.Kafka.Protocol;

namespace Hybrid.Sandbox.Kafka.Apis;

/// <summary>Says which broker coordinates a group or a transactional id: this one.</summary>
internal sealed class FindCoordinatorApi(BrokerAddress address) : IApi
{
    private const short FirstBatched = 4;
    private const sbyte GroupKey = 0;
    private const sbyte TransactionKey = 1;

    public ApiVersionRange Versions { get; } = new(ApiKey.FindCoordinator, 0, 4, FlexibleFrom: 3);

    public ValueTask<bool> HandleAsync(KafkaRequest request, ResponseWriter response, CancellationToken cancellationToken)
    {
        var version = request.Version;
        var reader = request.Reader();
        if (version >= FirstBatched)
        {
            var type = reader.Int8();
            var keys = new string[reader.ArrayLength()];
            for (var i = 0; i < keys.Length; i++)
            {
                keys[i] = reader.String();
            }
            response.Int32(0);
            response.ArrayLength(keys.Length);
            foreach (var key in keys)
            {
                var error = Check(type, key);
                response.String(key);
                WriteAddress(response, error);
                response.Error(error);
                response.String(null);
                response.TaggedFields();
            }
        }
        else
        {
            var key = reader.String();
            var error = Check(version >= 1 ? reader.Int8() : GroupKey, key);
            if (version >= 1)
            {
                response.Int32(0);
            }
            response.Error(error);
            if (version >= 1)
            {
                response.String(null);
            }
            WriteAddress(response, error);
        }
        response.TaggedFields();
        return new(true);
    }

    private static ErrorCode Check(sbyte type, string key) => type switch
    {
        GroupKey => GroupCoordinator.IsValidId(key) ? ErrorCode.None : ErrorCode.InvalidGroupId,
        TransactionKey => key.Length > 0 ? ErrorCode.None : ErrorCode.InvalidRequest,
        _ => ErrorCode.InvalidRequest,
    };

    private void WriteAddress(ResponseWriter response, ErrorCode error)
    {
        var known = error == ErrorCode.None;
        response.Int32(known ? BrokerAddress.NodeId : -1);
        response.String(known ? address.Host : "");
        response.Int32(known ? address.Port : -1);
    }
}
