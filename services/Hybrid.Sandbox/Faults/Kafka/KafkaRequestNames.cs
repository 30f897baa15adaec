using Hybrid.Sandbox.Kafka.Protocol;

namespace Hybrid.Sandbox.Faults.Kafka;

/// <summary>What a request is about, for faults that are for one topic, group or transactional id only.</summary>
internal static class KafkaRequestNames
{
    /// <summary>Its topics, or the group or transactional id that it begins with; nothing for a request without either or one that is malformed.</summary>
    public static string[] Of(KafkaRequest request)
    {
        var reader = request.Reader();
        try
        {
            return request.Key switch
            {
                ApiKey.Produce => Produced(ref reader, request.Version),
                ApiKey.Fetch => Fetched(ref reader, request.Version),
                ApiKey.ListOffsets => Listed(ref reader, request.Version),
                ApiKey.Metadata => Many(ref reader),
                ApiKey.FindCoordinator when request.Version >= 4 => Coordinated(ref reader),
                ApiKey.DeleteTopics or ApiKey.DeleteGroups or ApiKey.DescribeGroups => Many(ref reader),
                ApiKey.CreateTopics or ApiKey.CreatePartitions or ApiKey.DeleteRecords => First(ref reader),
                ApiKey.OffsetCommit or ApiKey.OffsetFetch or ApiKey.FindCoordinator or ApiKey.JoinGroup or ApiKey.Heartbeat
                    or ApiKey.LeaveGroup or ApiKey.SyncGroup or ApiKey.InitProducerId or ApiKey.AddPartitionsToTxn
                    or ApiKey.AddOffsetsToTxn or ApiKey.EndTxn or ApiKey.OffsetDelete => One(ref reader),
                ApiKey.TxnOffsetCommit => [reader.String(), reader.String()],
                _ => [],
            };
        }
        catch (MalformedRequestException)
        {
            return [];
        }
    }

    private static string[] One(ref RequestReader reader) => reader.NullableString() is { } name ? [name] : [];

    private static string[] First(ref RequestReader reader) => reader.ArrayLength() > 0 ? [reader.String()] : [];

    private static string[] Many(ref RequestReader reader)
    {
        var names = new string[reader.ArrayLength()];
        for (var i = 0; i < names.Length; i++)
        {
            names[i] = reader.String();
        }
        return names;
    }

    private static string[] Coordinated(ref RequestReader reader)
    {
        reader.Int8();
        return Many(ref reader);
    }

    private static string[] Produced(ref RequestReader reader, short version)
    {
        var names = new List<string>();
        if (version >= 3 && reader.NullableString() is { } transactionalId)
        {
            names.Add(transactionalId);
        }
        reader.Int16();
        reader.Int32();
        for (var topics = reader.ArrayLength(); topics > 0; topics--)
        {
            names.Add(reader.String());
            for (var partitions = reader.ArrayLength(); partitions > 0; partitions--)
            {
                reader.Int32();
                reader.BytesRange();
                reader.TaggedFields();
            }
            reader.TaggedFields();
        }
        return [.. names];
    }

    private static string[] Fetched(ref RequestReader reader, short version)
    {
        reader.Int32();
        reader.Int32();
        reader.Int32();
        reader.Int32();
        reader.Int8();
        if (version >= 7)
        {
            reader.Int64();
        }
        var size = sizeof(int) + sizeof(long) + sizeof(int)
            + (version >= 9 ? sizeof(int) : 0) + (version >= 12 ? sizeof(int) : 0) + (version >= 5 ? sizeof(long) : 0);
        return Sized(ref reader, size);
    }

    private static string[] Listed(ref RequestReader reader, short version)
    {
        reader.Int32();
        if (version >= 2)
        {
            reader.Int8();
        }
        return Sized(ref reader, sizeof(int) + sizeof(long) + (version >= 4 ? sizeof(int) : 0) + (version == 0 ? sizeof(int) : 0));
    }

    /// <summary>Topics whose partitions have a fixed size.</summary>
    private static string[] Sized(ref RequestReader reader, int partitionSize)
    {
        var names = new string[reader.ArrayLength()];
        for (var i = 0; i < names.Length; i++)
        {
            names[i] = reader.String();
            for (var partitions = reader.ArrayLength(); partitions > 0; partitions--)
            {
                for (var bytes = 0; bytes < partitionSize; bytes += sizeof(int))
                {
                    reader.Int32();
                }
                reader.TaggedFields();
            }
            reader.TaggedFields();
        }
        return names;
    }
}
