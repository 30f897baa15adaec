using Hybrid.Sandbox.Kafka.Protocol;

namespace Hybrid.Sandbox.Kafka.Apis.Errors;

/// <content>Producer ids and transactions.</content>
internal sealed partial class ErrorAnswers
{
    private static bool WriteOfTransactions(ApiKey key, ref RequestReader reader, ResponseWriter response, short version, ErrorCode error)
    {
        switch (key)
        {
            case ApiKey.InitProducerId:
                response.Int32(0);
                response.Error(error);
                response.Int64(-1);
                response.Int16(-1);
                return true;
            case ApiKey.AddOffsetsToTxn or ApiKey.EndTxn:
                response.Int32(0);
                response.Error(error);
                return true;
            case ApiKey.AddPartitionsToTxn:
                reader.String();
                reader.Int64();
                reader.Int16();
                response.Int32(0);
                Mirror(ref reader, response, BareIndex, IndexAndError(error));
                return true;
            case ApiKey.TxnOffsetCommit:
                reader.String();
                reader.String();
                reader.Int64();
                reader.Int16();
                if (version >= 3)
                {
                    reader.Int32();
                    reader.String();
                    reader.NullableString();
                }
                response.Int32(0);
                Mirror(
                    ref reader,
                    response,
                    (ref RequestReader partitions) => CommittedPartition(ref partitions, hasLeaderEpoch: version >= 2, hasTimestamp: false),
                    IndexAndError(error));
                return true;
            default:
                return false;
        }
    }
}
