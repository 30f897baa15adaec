using Hybrid.Comparison.Processes;
using Hybrid.Contracts.Measurement;
using Hybrid.Contracts.Reports.Experiments;

namespace Hybrid.Comparison.Experiments;

/// <summary>Measures what publisher and lane use while nothing comes.</summary>
internal static class RestMeter
{
    private static readonly TimeSpan StatusDeadline = TimeSpan.FromSeconds(5);

    /// <summary>Measures.</summary>
    /// <param name="publisher">The publisher.</param>
    /// <param name="lane">The lane.</param>
    /// <param name="time">For how long.</param>
    /// <param name="clock">Wall time.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Null when the lane says nothing of itself.</returns>
    public static async Task<RestCost?> MeasureAsync(
        SupervisedService publisher, SupervisedService lane, TimeSpan time, TimeProvider clock, CancellationToken cancellationToken)
    {
        var before = await FreshAsync(lane, clock, cancellationToken).ConfigureAwait(false);
        var publisherBefore = publisher.Status;
        await Task.Delay(time, clock, cancellationToken).ConfigureAwait(false);
        var after = await FreshAsync(lane, clock, cancellationToken).ConfigureAwait(false);
        var publisherAfter = publisher.Status;
        if (before is null || after is null || after.UpdatedAt <= before.UpdatedAt)
        {
            return null;
        }

        return new RestCost
        {
            Seconds = (after.UpdatedAt - before.UpdatedAt).TotalSeconds,
            Cost = new Hybrid.Contracts.Reports.Cost
            {
                CoreSeconds = Math.Max(0, after.CpuSeconds - before.CpuSeconds),
                PublisherCoreSeconds = publisherBefore is null || publisherAfter is null ? null : Math.Max(0, publisherAfter.CpuSeconds - publisherBefore.CpuSeconds),
                PeakMemoryBytes = after.PeakMemoryBytes,
                PublisherPeakMemoryBytes = publisherAfter?.PeakMemoryBytes,
                KafkaRequests = Count(Instruments.KafkaRequests),
                KafkaBytesReceived = Count(Instruments.KafkaBytesReceived),
                ObjectStoreRequests = Count(Instruments.StoreRequests),
                SolrRequests = Count(Instruments.SolrRequests),
                SolrDocuments = Count(Instruments.SolrDocuments),
                SolrBytesSent = Count(Instruments.SolrBytesSent),
                OffsetCommits = Count(Instruments.OffsetCommits),
            },
        };

        long? Count(string instrument) =>
            after.Counters.TryGetValue(instrument, out var now) ? now - before.Counters.GetValueOrDefault(instrument) : null;
    }

    /// <summary>The next status that the lane writes, so that its figures are of now.</summary>
    private static async Task<ServiceStatus?> FreshAsync(SupervisedService service, TimeProvider clock, CancellationToken cancellationToken)
    {
        var asked = clock.GetUtcNow();
        while (clock.GetUtcNow() - asked < StatusDeadline)
        {
            if (service.Status is { } status && status.UpdatedAt > asked)
            {
                return status;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), clock, cancellationToken).ConfigureAwait(false);
        }

        return null;
    }
}
