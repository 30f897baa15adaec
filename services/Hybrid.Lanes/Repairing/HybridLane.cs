using Hybrid.Contracts.Lanes;
using Hybrid.Lanes.Batch;
using Hybrid.Lanes.Objects;
using Hybrid.Pipeline.Hosting;
using Microsoft.Extensions.Logging;

namespace Hybrid.Lanes.Repairing;

/// <summary>
/// Streaming for freshness and a scheduled pass over the object store for correctness, into one collection. The versions make the two safe
/// together: whichever of them writes what the other has written is dropped, and what the stream skipped or never saw is set right by the pass.
/// </summary>
/// <param name="streaming">The stream.</param>
/// <param name="parts">What the pass is made of.</param>
/// <param name="options">When it runs, and how far back.</param>
internal sealed class HybridLane(KafkaLane streaming, ObjectLaneParts parts, BatchOptions options) : IHybridService
{
    private readonly CronSchedule _schedule = BatchLane.ParseSchedule(options);
    private readonly ILogger _logger = parts.Loggers.CreateLogger("Hybrid.Lanes");

    public string Name => LaneNames.Hybrid;

    public async Task RunAsync(Action started, CancellationToken stopping)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        Task[] both =
        [
            EndBothAsync(streaming.RunAsync(started, either.Token)),
            EndBothAsync(RepairAsync(either.Token)),
        ];
        await Task.WhenAll(both).ConfigureAwait(false);

        async Task EndBothAsync(Task one)
        {
            try
            {
                await one.ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (either.IsCancellationRequested)
            {
            }
            finally
            {
                await either.CancelAsync().ConfigureAwait(false);
            }
        }
    }

    private async Task RepairAsync(CancellationToken stopping)
    {
        var pass = new BatchPass(parts, options, Name, isRepair: true);
        await Task.WhenAll(
            parts.Store.EnsureBucketAsync(stopping),
            parts.SolrAdmin.EnsureCollectionAsync(parts.SolrOptions.Collection ?? Name, stopping)).ConfigureAwait(false);
        await new ScheduledPasses(pass, _schedule, parts.Objects.SettleDelay, parts.Clock, _logger).RunAsync(stopping).ConfigureAwait(false);
    }
}
