namespace Hybrid.Sandbox.Kafka.Transactions;

/// <summary>Gives out producer ids, each once for ever: they are reserved in blocks, and a restart skips the rest of a block.</summary>
internal sealed class ProducerIds(TransactionStore store, long next)
{
    private const int BlockSize = 1000;

    private readonly Lock _gate = new();
    private long _next = Math.Max(next, store.NextProducerId);

    /// <exception cref="IOException">A new block could not be reserved.</exception>
    public long Next()
    {
        lock (_gate)
        {
            if (_next >= store.NextProducerId)
            {
                store.Reserve(_next + BlockSize);
            }
            return _next++;
        }
    }
}
