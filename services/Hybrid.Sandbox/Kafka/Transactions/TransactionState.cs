namespace Hybrid.Sandbox.Kafka.Transactions;

/// <summary>The states of a transaction (KIP-98).</summary>
internal enum TransactionState
{
    Empty,
    Ongoing,
    PrepareCommit,
    PrepareAbort,
    CompleteCommit,
    CompleteAbort,
}
