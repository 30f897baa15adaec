using Confluent.Kafka;
using Hybrid.Contracts.Lanes;
using Hybrid.Pipeline.DeadLetters;
using Hybrid.Pipeline.Kafka;
using Hybrid.Pipeline.Measurement;

namespace Hybrid.Streamiz;

/// <summary>Keeps what the lane cannot index. A letter counts as in flight until Kafka has it, so nothing past it is committed before.</summary>
internal sealed class LaneDeadLetters(KafkaClients clients, HybridMetrics metrics) : IDisposable
{
    private readonly Lazy<IProducer<byte[], byte[]>> _producer = new(() => clients.CreateProducer());

    /// <summary>Sends a letter.</summary>
    /// <param name="value">The record's value, as it was.</param>
    /// <param name="errorClass">One of <see cref="ErrorClasses"/>.</param>
    /// <param name="error">The error in one line.</param>
    /// <param name="owner">The task that the record belongs to; it has begun the write.</param>
    public void Send(byte[] value, string errorClass, string error, WritesInFlight owner)
    {
        var letter = new DeadLetter(value, errorClass, error) { Lane = LaneNames.Streamiz };
        try
        {
            _producer.Value.Produce(clients.Topics.DeadLetters, letter.ToMessage(), report =>
            {
                if (!report.Error.IsError)
                {
                    metrics.DeadLetters.Add(1);
                }

                owner.End(report.Error.IsError ? new KafkaException(report.Error) : null);
            });
        }
        catch (KafkaException refused)
        {
            owner.End(refused);
        }
    }

    public void Dispose()
    {
        if (_producer.IsValueCreated)
        {
            _producer.Value.Flush(TimeSpan.FromSeconds(5));
            _producer.Value.Dispose();
        }
    }
}
