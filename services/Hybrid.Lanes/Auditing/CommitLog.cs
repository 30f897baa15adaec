using System.Text;
using System.Text.Json;
using Confluent.Kafka;
using Hybrid.Contracts.Lanes;
using Hybrid.Lanes.Consuming;
using Hybrid.Pipeline.Measurement;
using Microsoft.Extensions.Logging;

namespace Hybrid.Lanes.Auditing;

/// <summary>
/// Tells of every batch in the commit log, at least once: the batch counts as done, and its offsets are committed, when Kafka has the
/// record. A log that does not take one holds the lane up once, as long as the producer tries; from then on nobody waits for
/// it until it takes one again, and what it did not take is counted. Writing comes from one thread.
/// </summary>
internal sealed class CommitLog(IProducer<byte[], byte[]> producer, string topic, HybridMetrics metrics, ILogger logger) : IDisposable
{
    /// <summary>How long the producer is to try before it gives a record up.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private volatile bool _isFailing;

    /// <summary>Writes a record without waiting for it.</summary>
    /// <param name="commit">The batch.</param>
    /// <param name="done">Called once, on any thread, when the record is written or not worth waiting for.</param>
    public void Write(BatchCommit commit, Action done)
    {
        var message = new Message<byte[], byte[]>
        {
            Key = Encoding.UTF8.GetBytes($"{commit.Lane} {commit.Batch}"),
            Value = JsonSerializer.SerializeToUtf8Bytes(commit, BatchCommitJson.Default.BatchCommit),
        };
        var waits = !_isFailing;
        try
        {
            producer.Produce(topic, message, report =>
            {
                Note(commit, report.Error);
                if (waits)
                {
                    done();
                }
            });
        }
        catch (ProduceException<byte[], byte[]> refused)
        {
            Note(commit, refused.Error);
            waits = false;
        }

        if (!waits)
        {
            done();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => producer.Dispose();

    private void Note(BatchCommit commit, Error error)
    {
        if (!error.IsError)
        {
            metrics.CommitLogRecords.Add(1);
            _isFailing = false;
            return;
        }

        metrics.CommitLogFailures.Add(1);
        if (!_isFailing)
        {
            _isFailing = true;
            logger.CommitLogFails(topic, commit.Batch, error.Reason);
        }
    }
}
