using System.Diagnostics;
using Hybrid.Contracts.Measurement;
using Hybrid.Contracts.Partitions;
using Hybrid.Pipeline.Hosting;
using Hybrid.Pipeline.Lines;
using Hybrid.Pipeline.Measurement;
using Hybrid.Pipeline.ObjectStore;
using Hybrid.Pipeline.Planning;
using Hybrid.Pipeline.Progress;
using Hybrid.Publisher.Progress;
using Microsoft.Extensions.Logging;

namespace Hybrid.Publisher.Publishing;

/// <summary>Publishes what is planned. Stopped or cut off from the store in the middle of an object, it commits what was sent of it.</summary>
internal sealed class PlanExecutor(
    TransactionalProducer producer,
    PublishTransaction transaction,
    ObjectPublisher objects,
    IObjectStore store,
    ErrorShareGuard guard,
    RecordPacer pacer,
    EventClock clock,
    HybridTracing tracing,
    ILogger logger)
{
    private const int MostGone = 1_000;

    /// <summary>Objects that were said to be gone: a listing that lags shows them look after look.</summary>
    private readonly HashSet<string> _gone = new(StringComparer.Ordinal);
    private bool _torn;

    /// <summary>Publishes a plan.</summary>
    /// <param name="plan">The plan, made for the transaction's state.</param>
    /// <param name="discovered">When its objects were found, wall time.</param>
    /// <param name="committed">Told after each transaction.</param>
    /// <param name="stopping">Stops between or within objects.</param>
    public async Task ExecuteAsync(IReadOnlyList<PlannedPartition> plan, DateTimeOffset discovered, Action committed, CancellationToken stopping)
    {
        try
        {
            await using var ahead = new ObjectsAhead(store, plan.SelectMany(planned => planned.Objects).GetEnumerator(), stopping);
            foreach (var planned in plan)
            {
                stopping.ThrowIfCancellationRequested();
                await PublishAsync(planned, ahead, discovered, committed, stopping).ConfigureAwait(false);
                if (transaction.IsGroupFull)
                {
                    await transaction.AnnounceAsync(stopping).ConfigureAwait(false);
                    await CommitAsync(committed, stopping).ConfigureAwait(false);
                }
            }

            await transaction.AnnounceAsync(stopping).ConfigureAwait(false);
            if (transaction.IsPending)
            {
                await CommitAsync(committed, stopping).ConfigureAwait(false);
            }
        }
        catch (Exception cut) when (!_torn && IsCut(cut))
        {
            if (transaction.IsOpen)
            {
                await CommitOrAbortAsync(committed, stopping).ConfigureAwait(false);
            }

            throw;
        }
        catch
        {
            transaction.Abort();
            throw;
        }
    }

    private async Task PublishAsync(
        PlannedPartition planned, ObjectsAhead ahead, DateTimeOffset discovered, Action committed, CancellationToken stopping)
    {
        if (planned.Objects.Count > 0)
        {
            var before = transaction.State.Counts;
            using var span = tracing.Publish(transaction.State.Source, planned.Partition.Name);
            try
            {
                foreach (var one in planned.Objects)
                {
                    await using var content = await ahead.NextAsync().ConfigureAwait(false);
                    await PublishAsync(planned.Partition, one, content, discovered, committed, stopping).ConfigureAwait(false);

                    // Many small objects fill a transaction, or its time, as a large one does.
                    if (transaction.IsFull)
                    {
                        await CommitAsync(committed, stopping).ConfigureAwait(false);
                    }
                }
            }
            catch (Exception failure)
            {
                span?.SetStatus(ActivityStatusCode.Error, failure.Message);
                throw;
            }

            var after = transaction.State.Counts;
            span?.SetTag(Spans.RecordsAttribute, after.Records - before.Records)
                .SetTag(Spans.DeadLettersAttribute, after.DeadLetters - before.DeadLetters);
            LogMessages.Published(
                logger,
                planned.Partition.Name,
                planned.Completes ? "done" : "late",
                after.Objects - before.Objects,
                after.Records - before.Records,
                after.DeadLetters - before.DeadLetters);
        }

        if (planned.Completes)
        {
            transaction.EnsureOpen();
            transaction.Complete(planned.Partition);
            if (planned.Objects.Count > 0)
            {
                await transaction.AnnounceAsync(stopping).ConfigureAwait(false);
            }
        }
    }

    private async Task PublishAsync(
        PartitionId partition, PlannedObject one, ObjectContent? opened, DateTimeOffset discovered, Action committed, CancellationToken stopping)
    {
        if (opened is null)
        {
            SayGone(one.Entry.Key, partition);
            if (one.Cursor is not null)
            {
                transaction.Take(transaction.State.Abandon(partition));
            }

            return;
        }

        // A listing may lag behind the object: what counts is what is read. But the same object's listing tells to the millisecond
        // when it was written, and a GET only to the second (RFC 9110, section 5.6.7).
        var content = opened.Entry.ETag == one.Entry.ETag ? opened with { Entry = one.Entry with { Size = opened.Entry.Size } } : opened;
        var entry = content.Entry;
        if (one.Take(entry.ETag) is not var (generation, afterLine))
        {
            return;
        }

        transaction.EnsureOpen();
        SentLines unfinished = default;
        await foreach (var sent in objects.SendAsync(
            producer, content, new ObjectPlace(partition.Name, clock.ToWall(partition.End), generation, afterLine), TearAsync, stopping).ConfigureAwait(false))
        {
            guard.Note(entry.Key, sent.Lines, sent.Errors, sent.Example);
            if (sent.Damage is { } damage)
            {
                LogMessages.ObjectDamaged(logger, damage.Message);
            }

            unfinished = sent;
            if (!sent.IsLast)
            {
                var cursor = new ObjectCursor(partition.Name, entry.Key, entry.ETag, generation, sent.LastLine, entry.LastModified);
                transaction.Take(transaction.State.Advance(cursor, sent.Lines, sent.Records), partition, entry, sent, discovered);
                _torn = false;
                if (transaction.IsFull)
                {
                    await CommitAsync(committed, stopping).ConfigureAwait(false);
                    transaction.EnsureOpen();
                }

                await pacer.TakeAsync(sent.Lines, stopping).ConfigureAwait(false);
            }
        }

        var published = new PublishedObject(entry.Key, entry.ETag, generation);
        transaction.Take(
            transaction.State.Finish(partition, published, unfinished.Lines, unfinished.Records), partition, entry, unfinished, discovered);
        _torn = false;
        await pacer.TakeAsync(unfinished.Lines, stopping).ConfigureAwait(false);

        void TearAsync() => _torn = true;
    }

    private void SayGone(string key, PartitionId partition)
    {
        if (_gone.Count >= MostGone)
        {
            _gone.Clear();
        }

        if (_gone.Add(key))
        {
            LogMessages.ObjectGone(logger, key, partition.Name);
        }
    }

    private async Task CommitAsync(Action committed, CancellationToken stopping)
    {
        await transaction.CommitAsync(stopping).ConfigureAwait(false);
        committed();
    }

    /// <summary>Commits what was sent up to the cut. When that fails too, the transaction is aborted and its records are sent again.</summary>
    private async Task CommitOrAbortAsync(Action committed, CancellationToken stopping)
    {
        try
        {
            await CommitAsync(committed, stopping).ConfigureAwait(false);
        }
        catch
        {
            transaction.Abort();
            throw;
        }
    }

    /// <summary>Stopped, or the object store failed: what was sent before stands.</summary>
    private static bool IsCut(Exception failure) =>
        failure is OperationCanceledException or IOException or HybridException { ExitCode: ExitCodes.Unreachable };
}
