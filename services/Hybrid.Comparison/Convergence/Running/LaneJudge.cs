using Confluent.Kafka;
using Hybrid.Comparison.Convergence.Input;
using Hybrid.Comparison.Experiments;
using Hybrid.Comparison.Truth;
using Hybrid.Contracts.Lanes;
using Hybrid.Contracts.Reports;
using Hybrid.Pipeline.Solr;

namespace Hybrid.Comparison.Convergence.Running;

/// <summary>Holds what a lane made of a round against the truth, document by document, and what it committed against the topic.</summary>
/// <param name="lane">The lane.</param>
/// <param name="services">Clients in its namespace.</param>
/// <param name="truth">What must have become of the input.</param>
/// <param name="partitions">Partitions of the topic of deltas.</param>
internal sealed class LaneJudge(string lane, LaneServices services, ConvergenceTruth truth, int partitions)
{
    private const int NothingYet = -1;

    private static readonly TimeSpan Answer = TimeSpan.FromSeconds(10);

    /// <summary>Waits until the index is the truth and everything read is committed.</summary>
    /// <param name="readsTopic">Whether the lane is a group that commits offsets of the topic of deltas.</param>
    /// <param name="isOver">Whether there is no point in waiting on.</param>
    /// <param name="patience">How long nothing may change.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>How it differs, or null.</returns>
    public async Task<string?> WaitAsync(bool readsTopic, Func<bool> isOver, TimeSpan patience, CancellationToken cancellationToken)
    {
        string? difference = null;
        await Settling.WaitAsync(
            async () =>
            {
                var report = await CompareAsync(cancellationToken).ConfigureAwait(false);
                difference = Describe(report);
                return (difference is null || isOver(), report is null ? NothingYet : HashCode.Combine(report.Missing, report.Stale, report.Extra));
            },
            patience,
            cancellationToken).ConfigureAwait(false);
        if (difference is not null || !readsTopic)
        {
            return difference;
        }

        var uncommitted = 0L;
        await Settling.WaitAsync(
            async () =>
            {
                uncommitted = await Task.Run(Uncommitted, cancellationToken).ConfigureAwait(false);
                return (uncommitted == 0 || isOver(), uncommitted);
            },
            patience,
            cancellationToken).ConfigureAwait(false);
        return uncommitted == 0 ? null : $"{uncommitted} offsets are not committed, though everything was written";
    }

    /// <summary>How the index differs from the truth now; null when it does not.</summary>
    public async Task<string?> DifferenceAsync(CancellationToken cancellationToken) => Describe(await CompareAsync(cancellationToken).ConfigureAwait(false));

    private async Task<TruthReport?> CompareAsync(CancellationToken cancellationToken)
    {
        try
        {
            var comparison = new TruthComparison(truth.Attributes, LaneCatalog.HasWindows(lane) ? truth.Signals : null);
            await foreach (var document in services.Index.ExportAsync(cancellationToken).ConfigureAwait(false))
            {
                comparison.Meet(document);
            }

            return comparison.Conclude();
        }
        catch (SolrException)
        {
            return null;
        }
    }

    private static string? Describe(TruthReport? report) => report switch
    {
        null => "its index cannot be read",
        { Converged: true } => null,
        _ => $"{report.Missing} missing, {report.Stale} stale, {report.Extra} extra of {report.Documents}: {string.Join("; ", report.Examples ?? [])}",
    };

    private long Uncommitted()
    {
        try
        {
            var places = Enumerable.Range(0, partitions).Select(partition => new TopicPartition(services.Kafka.Topics.Deltas, partition));
            if (lane == LaneNames.Streamiz)
            {
                using var stream = services.Kafka.ConsumerBuilder(lane, config => config.EnablePartitionEof = true).Build();
                return Records(stream, stream.Committed(places, Answer));
            }

            using var consumer = services.Kafka.ConsumerBuilder($"hybrid-lane-{lane}").Build();
            return consumer.Committed(places, Answer)
                .Sum(place => consumer.QueryWatermarkOffsets(place.TopicPartition, Answer).High.Value - Math.Max(0, place.Offset.Value));
        }
        catch (KafkaException)
        {
            return NothingYet;
        }
    }

    // Streamiz commits behind the last record and not behind the markers that follow it, and its group is named by its application.
    private static long Records(IConsumer<byte[], byte[]> consumer, List<TopicPartitionOffset> committed)
    {
        consumer.Assign(committed.Select(place => new TopicPartitionOffset(place.TopicPartition, place.Offset.IsSpecial ? Offset.Beginning : place.Offset)));
        var records = 0L;
        for (var ends = 0; ends < committed.Count;)
        {
            if (consumer.Consume(Answer) is not { } result)
            {
                return NothingYet;
            }

            _ = result.IsPartitionEOF ? ends++ : records++;
        }

        return records;
    }
}
