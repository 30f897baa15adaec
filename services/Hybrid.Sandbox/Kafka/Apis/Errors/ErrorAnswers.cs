using Hybrid.Sandbox.Kafka.Protocol;

namespace Hybrid.Sandbox.Kafka.Apis.Errors;

/// <summary>
/// Writes, for any request, the answer that says the same error about all it asked for, in the schema of its version. The
/// request is only read; nothing of it is done.
/// </summary>
internal sealed partial class ErrorAnswers(BrokerAddress address)
{
    private const int NoAuthorisation = int.MinValue;

    /// <summary>Reads one partition of a request, its tagged fields too, and gives its index.</summary>
    private delegate int PartitionReader(ref RequestReader reader);

    private delegate void PartitionWriter(ResponseWriter response, int partition);

    private delegate void EntryReader(ref RequestReader reader);

    /// <summary>Writes the body of the answer.</summary>
    /// <returns>False when the request has no such answer: the connection is to be closed instead.</returns>
    /// <exception cref="MalformedRequestException">The request does not follow the schema of its version.</exception>
    public bool Write(KafkaRequest request, ResponseWriter response, ErrorCode error)
    {
        var reader = request.Reader();
        var version = request.Version;
        switch (request.Key)
        {
            case ApiKey.Produce:
                return Produce(ref reader, response, version, error);
            case ApiKey.Fetch:
                Fetch(ref reader, response, version, error);
                break;
            case ApiKey.ListOffsets:
                ListOffsets(ref reader, response, version, error);
                break;
            case ApiKey.Metadata:
                Metadata(ref reader, response, version, error);
                break;
            case ApiKey.DeleteRecords:
                DeleteRecords(ref reader, response, error);
                break;
            case ApiKey.OffsetForLeaderEpoch:
                OffsetForLeaderEpoch(ref reader, response, version, error);
                break;
            default:
                if (!WriteOfGroups(request.Key, ref reader, response, version, error)
                    && !WriteOfTransactions(request.Key, ref reader, response, version, error)
                    && !WriteOfAdministration(request.Key, ref reader, response, version, error))
                {
                    return false;
                }
                break;
        }
        response.TaggedFields();
        return true;
    }

    /// <summary>What a broker says of this API when its disk took no write.</summary>
    public static ErrorCode StorageFailure(ApiKey key) => key switch
    {
        ApiKey.Produce or ApiKey.Fetch or ApiKey.CreateTopics or ApiKey.DeleteTopics or ApiKey.CreatePartitions or ApiKey.DeleteRecords
            or ApiKey.AlterConfigs or ApiKey.IncrementalAlterConfigs => ErrorCode.KafkaStorageError,

        // What a coordinator could not write to its own topic makes it none, and the client looks for another.
        ApiKey.OffsetCommit or ApiKey.TxnOffsetCommit or ApiKey.JoinGroup or ApiKey.SyncGroup or ApiKey.LeaveGroup
            or ApiKey.InitProducerId or ApiKey.AddPartitionsToTxn or ApiKey.AddOffsetsToTxn or ApiKey.EndTxn => ErrorCode.NotCoordinator,
        _ => ErrorCode.UnknownServerError,
    };

    /// <summary>Writes a request's topics and partitions back, each partition by the given writer.</summary>
    private static void Mirror(ref RequestReader reader, ResponseWriter response, PartitionReader read, PartitionWriter write)
    {
        var topics = reader.ArrayLength();
        response.ArrayLength(topics);
        for (; topics > 0; topics--)
        {
            response.String(reader.String());
            var partitions = reader.ArrayLength();
            response.ArrayLength(partitions);
            for (; partitions > 0; partitions--)
            {
                write(response, read(ref reader));
                response.TaggedFields();
            }
            reader.TaggedFields();
            response.TaggedFields();
        }
    }

    /// <summary>The partition's index and an error, which is all that many answers say of one.</summary>
    private static PartitionWriter IndexAndError(ErrorCode error) => (response, partition) =>
    {
        response.Int32(partition);
        response.Error(error);
    };

    private static int BareIndex(ref RequestReader reader) => reader.Int32();

    private static void ThrottleTime(ResponseWriter response, bool present)
    {
        if (present)
        {
            response.Int32(0);
        }
    }
}
