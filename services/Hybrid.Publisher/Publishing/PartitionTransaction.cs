using System.Diagnostics;
using System.Text;
using Confluent.Kafka;
using Hybrid.Contracts.Measurement;
using Hybrid.Contracts.Topics;
using Hybrid.Pipeline.Hosting;
using Hybrid.Pipeline.Measurement;
using Hybrid.Pipeline.ObjectStore;
using Hybrid.Publisher.Planning;
using Hybrid.Publisher.Progress;
using Microsoft.Extensions.Logging;

namespace Hybrid.Publisher.Publishing;

/// <summary>
/// Executes planned transactions: the records of their objects, one control record for each Kafka partition when the source's partition is
/// done, and the progress, all in one Kafka transaction.
/// </summary>
internal sealed class PartitionTransaction(
    TransactionalProducer producer,
    ObjectPublisher objects,
    IObjectStore store,
    TopicNames topics,
    int kafkaPartitions,
    PublishPlanner planner,
    EventClock clock,
    HybridMetrics metrics,
    HybridTracing tracing,
    ILogger logger)
{
    private readonly List<(ObjectEntry Entry, long Records)> _sent = [];

    /// <summary>Executes one.</summary>
    /// <param name="progress">What was published before.</param>
    /// <param name="planned">The transaction.</param>
    /// <param name="discovered">When its objects were found, wall time.</param>
    /// <param name="cancellationToken">Aborts, unless it is being committed already.</param>
    /// <returns>The progress after it.</returns>
    public async Task<SourceProgress> ExecuteAsync(
        SourceProgress progress, PlannedTransaction planned, DateTimeOffset discovered, CancellationToken cancellationToken)
    {
        var began = Stopwatch.GetTimestamp();
        using var span = tracing.Publish(progress.Source, planned.Partition.Name);
        producer.Begin();
        try
        {
            var after = await SendAsync(progress, planned, cancellationToken).ConfigureAwait(false);
            producer.Commit(cancellationToken);
            Count(planned, progress.Counts, after.Counts, discovered, Stopwatch.GetElapsedTime(began));
            span?.SetTag(Spans.RecordsAttribute, after.Counts.Records - progress.Counts.Records)
                .SetTag(Spans.DeadLettersAttribute, after.Counts.DeadLetters - progress.Counts.DeadLetters);
            return after;
        }
        catch (Exception failure)
        {
            span?.SetStatus(ActivityStatusCode.Error, failure.Message);
            producer.Abort();
            throw;
        }
    }

    private async Task<SourceProgress> SendAsync(SourceProgress progress, PlannedTransaction planned, CancellationToken cancellationToken)
    {
        _sent.Clear();
        var published = new List<PublishedObject>(planned.Objects.Count);
        long lines = 0, records = 0;
        foreach (var one in planned.Objects)
        {
            await using var opened = await store.OpenAsync(one.Entry.Key, cancellationToken).ConfigureAwait(false);
            if (opened is null)
            {
                LogMessages.ObjectGone(logger, one.Entry.Key, planned.Partition.Name);
                continue;
            }

            // A listing may lag behind the object: what counts is what is read. But the same object's listing tells to the millisecond
            // when it was written, and a GET only to the second (RFC 9110, section 5.6.7).
            var content = opened.Entry.ETag == one.Entry.ETag ? opened with { Entry = one.Entry } : opened;
            if (content.Entry.ETag == one.Known?.ETag)
            {
                continue;
            }

            var closed = clock.ToWall(planned.Partition.End);
            var outcome = await objects.SendAsync(producer, content, planned.Partition.Name, closed, one.Generation, cancellationToken).ConfigureAwait(false);
            if (outcome.Damage is { } damage)
            {
                LogMessages.ObjectDamaged(logger, damage.Message);
            }

            lines += outcome.Lines;
            records += outcome.Records;
            _sent.Add((content.Entry, outcome.Records));
            published.Add(new PublishedObject(one.Entry.Key, content.Entry.ETag, one.Generation));
        }

        if (planned.Completes)
        {
            await SendControlRecordsAsync(progress.Source, planned, cancellationToken).ConfigureAwait(false);
        }

        var after = planner.After(progress, planned, published, lines, records) with { UpdatedAt = clock.WallNow };
        var record = new Message<byte[], byte[]> { Key = Encoding.UTF8.GetBytes(progress.Source), Value = after.ToJson() };
        return await producer.SendAsync(new TopicPartition(topics.Watermarks, 0), record, cancellationToken).ConfigureAwait(false)
            ? after
            : throw HybridException.Failure(
                $"the progress of source '{progress.Source}' is larger than a Kafka message may be, with {after.Objects.Count} objects in the overlap window: set Publisher:OverlapPartitions lower, or message.max.bytes higher");
    }

    private async Task SendControlRecordsAsync(string source, PlannedTransaction planned, CancellationToken cancellationToken)
    {
        var control = new Message<byte[], byte[]>
        {
            Key = Encoding.UTF8.GetBytes(source),
            Value = null!,
            Headers = new Headers
            {
                { RecordHeaders.Watermark, ObjectPublisher.Milliseconds(planned.Partition.End) },
                { RecordHeaders.Closed, ObjectPublisher.Milliseconds(clock.ToWall(planned.Partition.End)) },
            },
        };
        for (var partition = 0; partition < kafkaPartitions; partition++)
        {
            await producer.SendAsync(new TopicPartition(topics.Deltas, partition), control, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Counts what is committed, so that what is aborted and done again counts once.</summary>
    private void Count(PlannedTransaction planned, ProgressCounts before, ProgressCounts after, DateTimeOffset discovered, TimeSpan took)
    {
        metrics.Transactions.Add(1);
        metrics.TransactionDuration.Record(took.TotalSeconds);
        metrics.LinesRead.Add(after.Lines - before.Lines);
        metrics.RecordsPublished.Add(after.Records - before.Records);
        metrics.DeadLetters.Add(after.DeadLetters - before.DeadLetters);
        metrics.PartitionsPublished.Add(after.Partitions - before.Partitions);
        metrics.LateObjects.Add(after.LateObjects - before.LateObjects);
        metrics.ReplacedObjects.Add(after.ReplacedObjects - before.ReplacedObjects);
        var due = clock.ToWall(planned.Partition.End);
        var published = (clock.WallNow - due).TotalSeconds;
        foreach (var (entry, records) in _sent)
        {
            var landed = (entry.LastModified - due).TotalSeconds;
            var found = (discovered - due).TotalSeconds;
            for (var i = 0L; i < records; i++)
            {
                metrics.FreshnessLanded.Record(landed);
                metrics.FreshnessDiscovered.Record(found);
                metrics.FreshnessPublished.Record(published);
            }
        }

        LogMessages.Published(
            logger,
            planned.Partition.Name,
            planned.Completes ? "done" : "late",
            after.Objects - before.Objects,
            after.Records - before.Records,
            after.DeadLetters - before.DeadLetters,
            took.TotalMilliseconds);
    }
}
