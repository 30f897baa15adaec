using Hybrid.Sandbox.Kafka.Protocol;

namespace Hybrid.Sandbox.Kafka.Apis.Errors;

/// <content>Records, offsets and metadata.</content>
internal sealed partial class ErrorAnswers
{
    private static bool Produce(ref RequestReader reader, ResponseWriter response, short version, ErrorCode error)
    {
        if (version >= 3)
        {
            reader.NullableString();
        }
        if (reader.Int16() == 0)
        {
            // Nobody waits for an answer: a broker closes the connection, so that the producer hears of the error at all.
            return false;
        }
        reader.Int32();
        Mirror(
            ref reader,
            response,
            static (ref RequestReader partitions) =>
            {
                var index = partitions.Int32();
                partitions.BytesRange();
                partitions.TaggedFields();
                return index;
            },
            (answer, partition) =>
            {
                answer.Int32(partition);
                answer.Error(error);
                answer.Int64(-1);
                if (version >= 2)
                {
                    answer.Int64(-1);
                }
                if (version >= 5)
                {
                    answer.Int64(-1);
                }
                if (version >= 8)
                {
                    answer.ArrayLength(0);
                    answer.String(null);
                }
            });
        ThrottleTime(response, version >= 1);
        response.TaggedFields();
        return true;
    }

    private static void Fetch(ref RequestReader reader, ResponseWriter response, short version, ErrorCode error)
    {
        reader.Int32();
        reader.Int32();
        reader.Int32();
        reader.Int32();
        reader.Int8();
        var ofSession = error is ErrorCode.FetchSessionIdNotFound or ErrorCode.InvalidFetchSessionEpoch;
        response.Int32(0);
        if (version >= 7)
        {
            reader.Int32();
            reader.Int32();
            response.Error(ofSession ? error : ErrorCode.None);
            response.Int32(0);
        }
        if (ofSession)
        {
            response.ArrayLength(0);
            return;
        }
        Mirror(
            ref reader,
            response,
            (ref RequestReader partitions) =>
            {
                var index = partitions.Int32();
                if (version >= 9)
                {
                    partitions.Int32();
                }
                partitions.Int64();
                if (version >= 12)
                {
                    partitions.Int32();
                }
                if (version >= 5)
                {
                    partitions.Int64();
                }
                partitions.Int32();
                partitions.TaggedFields();
                return index;
            },
            (answer, partition) =>
            {
                answer.Int32(partition);
                answer.Error(error);
                answer.Int64(-1);
                answer.Int64(-1);
                if (version >= 5)
                {
                    answer.Int64(-1);
                }
                answer.NullArray();
                if (version >= 11)
                {
                    answer.Int32(-1);
                }
                answer.EndBytes(answer.BeginBytes());
            });
    }

    private static void ListOffsets(ref RequestReader reader, ResponseWriter response, short version, ErrorCode error)
    {
        reader.Int32();
        if (version >= 2)
        {
            reader.Int8();
        }
        ThrottleTime(response, version >= 2);
        Mirror(
            ref reader,
            response,
            (ref RequestReader partitions) =>
            {
                var index = partitions.Int32();
                if (version >= 4)
                {
                    partitions.Int32();
                }
                partitions.Int64();
                if (version == 0)
                {
                    partitions.Int32();
                }
                partitions.TaggedFields();
                return index;
            },
            (answer, partition) =>
            {
                answer.Int32(partition);
                answer.Error(error);
                if (version == 0)
                {
                    answer.ArrayLength(0);
                    return;
                }
                answer.Int64(-1);
                answer.Int64(-1);
                if (version >= 4)
                {
                    answer.Int32(-1);
                }
            });
    }

    private static void DeleteRecords(ref RequestReader reader, ResponseWriter response, ErrorCode error)
    {
        response.Int32(0);
        Mirror(
            ref reader,
            response,
            static (ref RequestReader partitions) =>
            {
                var index = partitions.Int32();
                partitions.Int64();
                partitions.TaggedFields();
                return index;
            },
            (answer, partition) =>
            {
                answer.Int32(partition);
                answer.Int64(-1);
                answer.Error(error);
            });
    }

    private static void OffsetForLeaderEpoch(ref RequestReader reader, ResponseWriter response, short version, ErrorCode error)
    {
        if (version >= 3)
        {
            reader.Int32();
        }
        ThrottleTime(response, version >= 2);
        Mirror(
            ref reader,
            response,
            (ref RequestReader partitions) =>
            {
                var index = partitions.Int32();
                if (version >= 2)
                {
                    partitions.Int32();
                }
                partitions.Int32();
                partitions.TaggedFields();
                return index;
            },
            (answer, partition) =>
            {
                answer.Error(error);
                answer.Int32(partition);
                if (version >= 1)
                {
                    answer.Int32(-1);
                }
                answer.Int64(-1);
            });
    }

    /// <summary>The broker is told of as ever; the error is that of each topic asked for.</summary>
    private void Metadata(ref RequestReader reader, ResponseWriter response, short version, ErrorCode error)
    {
        ThrottleTime(response, version >= 3);
        MetadataApi.WriteCluster(response, version, address);
        var count = reader.ArrayLength();
        response.ArrayLength(count);
        for (; count > 0; count--)
        {
            response.Error(error);
            response.String(reader.String());
            reader.TaggedFields();
            if (version >= 1)
            {
                response.Boolean(false);
            }
            response.ArrayLength(0);
            if (version >= 8)
            {
                response.Int32(NoAuthorisation);
            }
            response.TaggedFields();
        }
        if (version >= 8)
        {
            response.Int32(NoAuthorisation);
        }
    }
}
