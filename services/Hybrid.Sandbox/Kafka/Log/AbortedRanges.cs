using Hybrid.Sandbox.Kafka.Records;

namespace Hybrid.Sandbox.Kafka.Log;

/// <summary>Tells which batches belong to aborted transactions.</summary>
internal sealed class AbortedRanges(IEnumerable<AbortedTransaction> transactions)
{
    private readonly ILookup<long, AbortedTransaction> _byProducer = transactions.ToLookup(transaction => transaction.ProducerId);

    public bool Cover(RecordBatch batch)
    {
        if (!batch.IsTransactional)
        {
            return false;
        }
        foreach (var transaction in _byProducer[batch.ProducerId])
        {
            if (transaction.FirstOffset <= batch.BaseOffset && batch.BaseOffset < transaction.MarkerOffset)
            {
                return true;
            }
        }
        return false;
    }
}
