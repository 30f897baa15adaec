using Confluent.Kafka;

namespace Hybrid.Streamiz.Clients;

/// <summary>
/// The producer that Streamiz writes changelogs with, watched: under exactly-once it is what commits the offsets. Offsets refused to a member
/// that its group has put out meanwhile are reported as a fenced producer's, since for that Streamiz gives up its tasks, aborts the
/// transaction and joins again, as it does at-least-once, and would end otherwise. Where another has taken the instance's place it has to end.
/// </summary>
internal sealed class ObservedProducer(IProducer<byte[], byte[]> inner, StreamPositions positions) : IProducer<byte[], byte[]>
{
    private static readonly ErrorCode[] OutOfTheGroup =
        [ErrorCode.UnknownMemberId, ErrorCode.IllegalGeneration, ErrorCode.RebalanceInProgress];

    private List<TopicPartitionOffset> _offsets = [];

    public Handle Handle => inner.Handle;

    public string Name => inner.Name;

    public int AddBrokers(string brokers) => inner.AddBrokers(brokers);

    public void SetSaslCredentials(string username, string password) => inner.SetSaslCredentials(username, password);

    public Task<DeliveryResult<byte[], byte[]>> ProduceAsync(
        string topic, Message<byte[], byte[]> message, CancellationToken cancellationToken = default) => inner.ProduceAsync(topic, message, cancellationToken);

    public Task<DeliveryResult<byte[], byte[]>> ProduceAsync(
        TopicPartition topicPartition, Message<byte[], byte[]> message, CancellationToken cancellationToken = default) =>
        inner.ProduceAsync(topicPartition, message, cancellationToken);

    public void Produce(string topic, Message<byte[], byte[]> message, Action<DeliveryReport<byte[], byte[]>>? deliveryHandler = null) =>
        inner.Produce(topic, message, deliveryHandler);

    public void Produce(TopicPartition topicPartition, Message<byte[], byte[]> message, Action<DeliveryReport<byte[], byte[]>>? deliveryHandler = null) =>
        inner.Produce(topicPartition, message, deliveryHandler);

    public int Poll(TimeSpan timeout) => inner.Poll(timeout);

    public int Flush(TimeSpan timeout) => inner.Flush(timeout);

    public void Flush(CancellationToken cancellationToken = default) => inner.Flush(cancellationToken);

    public void InitTransactions(TimeSpan timeout) => inner.InitTransactions(timeout);

    public void BeginTransaction() => inner.BeginTransaction();

    public void CommitTransaction(TimeSpan timeout)
    {
        inner.CommitTransaction(timeout);
        NoteCommitted();
    }

    public void CommitTransaction()
    {
        inner.CommitTransaction();
        NoteCommitted();
    }

    public void AbortTransaction(TimeSpan timeout)
    {
        _offsets = [];
        inner.AbortTransaction(timeout);
    }

    public void AbortTransaction()
    {
        _offsets = [];
        inner.AbortTransaction();
    }

    public void SendOffsetsToTransaction(IEnumerable<TopicPartitionOffset> offsets, IConsumerGroupMetadata groupMetadata, TimeSpan timeout)
    {
        var sent = offsets.ToList();
        try
        {
            inner.SendOffsetsToTransaction(sent, groupMetadata, timeout);
        }
        catch (KafkaException refusal) when (OutOfTheGroup.Contains(refusal.Error.Code))
        {
            throw new KafkaException(new Error(ErrorCode.ProducerFenced, refusal.Error.Reason), refusal);
        }

        _offsets = sent;
    }

    public void Dispose() => inner.Dispose();

    private void NoteCommitted()
    {
        positions.NoteCommitted(_offsets);
        _offsets = [];
    }
}
