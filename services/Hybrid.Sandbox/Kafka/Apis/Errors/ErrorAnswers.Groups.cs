using Hybrid.Sandbox.Kafka.Protocol;

namespace Hybrid.Sandbox.Kafka.Apis.Errors;

/// <content>Coordinators, groups and their offsets.</content>
internal sealed partial class ErrorAnswers
{
    private static bool WriteOfGroups(ApiKey key, ref RequestReader reader, ResponseWriter response, short version, ErrorCode error)
    {
        switch (key)
        {
            case ApiKey.FindCoordinator:
                FindCoordinator(ref reader, response, version, error);
                return true;
            case ApiKey.JoinGroup:
                JoinGroup(response, version, error);
                return true;
            case ApiKey.SyncGroup:
                ThrottleTime(response, version >= 1);
                response.Error(error);
                if (version >= 5)
                {
                    response.String(null);
                    response.String(null);
                }
                response.Bytes([]);
                return true;
            case ApiKey.Heartbeat:
                ThrottleTime(response, version >= 1);
                response.Error(error);
                return true;
            case ApiKey.LeaveGroup:
                ThrottleTime(response, version >= 1);
                response.Error(error);
                if (version >= 3)
                {
                    response.ArrayLength(0);
                }
                return true;
            case ApiKey.OffsetCommit:
                OffsetCommit(ref reader, response, version, error);
                return true;
            case ApiKey.OffsetFetch:
                OffsetFetch(ref reader, response, version, error);
                return true;
            case ApiKey.OffsetDelete:
                response.Error(error);
                response.Int32(0);
                response.ArrayLength(0);
                return true;
            default:
                return false;
        }
    }

    private static void FindCoordinator(ref RequestReader reader, ResponseWriter response, short version, ErrorCode error)
    {
        if (version < 4)
        {
            ThrottleTime(response, version >= 1);
            response.Error(error);
            if (version >= 1)
            {
                response.String(null);
            }
            NoAddress(response);
            return;
        }
        reader.Int8();
        response.Int32(0);
        var count = reader.ArrayLength();
        response.ArrayLength(count);
        for (; count > 0; count--)
        {
            response.String(reader.String());
            NoAddress(response);
            response.Error(error);
            response.String(null);
            response.TaggedFields();
        }
    }

    private static void NoAddress(ResponseWriter response)
    {
        response.Int32(-1);
        response.String("");
        response.Int32(-1);
    }

    private static void JoinGroup(ResponseWriter response, short version, ErrorCode error)
    {
        ThrottleTime(response, version >= 2);
        response.Error(error);
        response.Int32(-1);
        if (version >= 7)
        {
            response.String(null);
        }
        response.String(version >= 7 ? null : "");
        response.String("");
        response.String("");
        response.ArrayLength(0);
    }

    private static void OffsetCommit(ref RequestReader reader, ResponseWriter response, short version, ErrorCode error)
    {
        reader.String();
        if (version >= 1)
        {
            reader.Int32();
            reader.String();
        }
        if (version >= 7)
        {
            reader.NullableString();
        }
        if (version is >= 2 and <= 4)
        {
            reader.Int64();
        }
        ThrottleTime(response, version >= 3);
        Mirror(
            ref reader,
            response,
            (ref RequestReader partitions) => CommittedPartition(ref partitions, hasLeaderEpoch: version >= 6, hasTimestamp: version == 1),
            IndexAndError(error));
    }

    private static int CommittedPartition(ref RequestReader reader, bool hasLeaderEpoch, bool hasTimestamp)
    {
        var index = reader.Int32();
        reader.Int64();
        if (hasLeaderEpoch)
        {
            reader.Int32();
        }
        if (hasTimestamp)
        {
            reader.Int64();
        }
        reader.NullableString();
        reader.TaggedFields();
        return index;
    }

    private static void OffsetFetch(ref RequestReader reader, ResponseWriter response, short version, ErrorCode error)
    {
        ThrottleTime(response, version >= 3);
        if (version < 2)
        {
            reader.String();
            Mirror(ref reader, response, BareIndex, (answer, partition) =>
            {
                answer.Int32(partition);
                answer.Int64(-1);
                answer.String("");
                answer.Error(error);
            });
            return;
        }
        if (version < 8)
        {
            response.ArrayLength(0);
            response.Error(error);
            return;
        }
        var groups = reader.ArrayLength();
        response.ArrayLength(groups);
        for (; groups > 0; groups--)
        {
            response.String(reader.String());
            for (var topics = reader.NullableArrayLength(); topics > 0; topics--)
            {
                reader.String();
                reader.Int32Array();
                reader.TaggedFields();
            }
            reader.TaggedFields();
            response.ArrayLength(0);
            response.Error(error);
            response.TaggedFields();
        }
    }
}
