using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using Confluent.Kafka;
using Hybrid.Lanes.Windows;
using Hybrid.Pipeline.Hosting;
using Hybrid.Pipeline.Lanes;
using Microsoft.Extensions.Logging;

namespace Hybrid.Lanes.Consuming;

/// <summary>
/// What happens when partitions come and go. Given up in order, they are drained for a moment and committed; lost, they are forgotten,
/// since they are another's already. Called back by the consuming thread, within its poll. What fails here is thrown after the poll and not
/// within it: a client that is not told where to begin waits for that as long as it lives, and cannot be closed.
/// </summary>
internal sealed class Rebalancing(
    LaneParts parts, Assignment assignment, WindowRebuild windows, ILogger logger, Func<TimeSpan, bool> drain, Action commit, Action<List<TopicPartition>> release)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan BetweenQuestions = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestDrain = TimeSpan.FromSeconds(5);

    private readonly Dictionary<int, long> _taken = [];
    private CancellationToken _stopping;
    private ExceptionDispatchInfo? _failure;
    private bool _closing;
    private bool _restarting = parts.Options.Restart == RestartPolicy.Latest;

    /// <summary>Changes with every assignment.</summary>
    public long Generation { get; private set; }

    public ConsumerBuilder<byte[], byte[]> Attach(ConsumerBuilder<byte[], byte[]> builder) => builder
        .SetPartitionsAssignedHandler(Assigned)
        .SetPartitionsRevokedHandler((_, partitions) => Revoked(partitions))
        .SetPartitionsLostHandler((_, partitions) => Lost(partitions));

    /// <summary>The lane begins to read.</summary>
    /// <param name="stopping">Gives up waiting for answers about partitions that were assigned.</param>
    public void Begin(CancellationToken stopping) => _stopping = stopping;

    /// <summary>The lane ends: it has drained as long as it may, so what is given up now is only committed.</summary>
    public void Close() => _closing = true;

    /// <summary>Throws what failed when partitions came or went.</summary>
    public void ThrowIfFailed() => _failure?.Throw();

    /// <summary>Notes that a record was taken, and tells whether this process took it before.</summary>
    public bool IsReplay(int partition, long offset)
    {
        ref var highest = ref CollectionsMarshal.GetValueRefOrAddDefault(_taken, partition, out var known);
        if (known && offset <= highest)
        {
            return true;
        }

        highest = offset;
        return false;
    }

    private IEnumerable<TopicPartitionOffset> Assigned(IConsumer<byte[], byte[]> consumer, List<TopicPartition> partitions)
    {
        Generation++;
        if (partitions.Count == 0)
        {
            return [];
        }

        logger.Assigned(string.Join(", ", partitions));
        if (!_closing)
        {
            try
            {
                return Take(consumer, partitions);
            }
            catch (Exception failure)
            {
                Fail(failure);
                partitions.ForEach(assignment.Remove);
            }
        }

        return partitions.ConvertAll(partition => new TopicPartitionOffset(partition, Offset.Unset));
    }

    private List<TopicPartitionOffset> Take(IConsumer<byte[], byte[]> consumer, List<TopicPartition> partitions)
    {
        var starts = Ask(() => Starts(consumer, partitions));
        foreach (var start in starts)
        {
            var offset = start.Offset.IsSpecial ? 0 : start.Offset.Value;
            assignment.Add(start.TopicPartition, offset, Ask(() => windows.Run(start.TopicPartition, offset, _stopping)));
        }

        return starts;
    }

    private List<TopicPartitionOffset> Starts(IConsumer<byte[], byte[]> consumer, List<TopicPartition> partitions)
    {
        var committed = consumer.Committed(partitions, Timeout);
        if (!_restarting)
        {
            return committed;
        }

        var starts = PassOver(consumer, committed);
        _restarting = false;
        return starts;
    }

    // Reading must not begin before the answer is there: where it begins and what the window holds there belong together.
    private T Ask<T>(Func<T> question)
    {
        var began = parts.Time.GetTimestamp();
        while (true)
        {
            try
            {
                return question();
            }
            catch (KafkaException failure) when (!failure.Error.IsFatal && parts.Time.GetElapsedTime(began) < Patience)
            {
                logger.StartsUnknown(failure.Error.Reason);
                _stopping.WaitHandle.WaitOne(BetweenQuestions);
                _stopping.ThrowIfCancellationRequested();
            }
        }
    }

    private List<TopicPartitionOffset> PassOver(IConsumer<byte[], byte[]> consumer, List<TopicPartitionOffset> committed)
    {
        var starts = LatestStart.Find(consumer, committed, parts.Options.LatestWindow, parts.Clock);
        var skipped = starts.Zip(committed, (start, before) => start.Offset.IsSpecial ? 0 : start.Offset.Value - before.Offset.Value).Sum();
        if (skipped > 0)
        {
            parts.Metrics.RecordsSkipped.Add(skipped);
            logger.Skipped(skipped);
        }

        return starts;
    }

    private void Revoked(List<TopicPartitionOffset> partitions)
    {
        Generation++;
        if (partitions.Count == 0)
        {
            return;
        }

        if (!_closing)
        {
            Drain();
        }

        commit();
        Forget(partitions);
        logger.Revoked(string.Join(", ", partitions.Select(place => place.TopicPartition)));
    }

    private void Drain()
    {
        try
        {
            drain(parts.Options.DrainDeadline < LongestDrain ? parts.Options.DrainDeadline : LongestDrain);
        }
        catch (HybridException failure)
        {
            Fail(failure);
        }
    }

    private void Fail(Exception failure) => _failure ??= ExceptionDispatchInfo.Capture(failure);

    private void Lost(List<TopicPartitionOffset> partitions)
    {
        Generation++;
        Forget(partitions);
        logger.Lost(string.Join(", ", partitions.Select(place => place.TopicPartition)));
    }

    private void Forget(List<TopicPartitionOffset> partitions)
    {
        release(partitions.ConvertAll(place => place.TopicPartition));
        foreach (var place in partitions)
        {
            assignment.Remove(place.TopicPartition);
        }
    }
}
