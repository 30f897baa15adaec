using Hybrid.Pipeline.Hosting;
using Hybrid.Pipeline.ObjectStore;
using Hybrid.Publisher.Measurement;
using Microsoft.Extensions.Logging;

namespace Hybrid.Publisher.Clocks;

/// <summary>Says when the clocks disagree, and when they agree again: once each in the log, and all the while on readiness and on a gauge.</summary>
internal sealed class ClockWatch(GuardedTime time, IObjectStore store, Readiness readiness, PublisherMeter meter, ILogger logger)
{
    /// <summary>Looks at the clocks, once in each cycle.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task LookAsync(CancellationToken cancellationToken)
    {
        var reading = time.Read();
        if (reading.Disagrees)
        {
            // What the store said may be old: after a machine was suspended the monotonic clock has not counted that time.
            await store.EnsureBucketAsync(cancellationToken).ConfigureAwait(false);
            reading = time.Read();
        }

        meter.Clocks(reading.Disagreement);
        var said = readiness.Obstacle is not null;
        if (reading.Disagrees != said)
        {
            if (reading.Disagrees)
            {
                LogMessages.ClocksDisagree(logger, reading.Describe());
            }
            else
            {
                LogMessages.ClocksAgree(logger, reading.Now);
            }
        }

        readiness.Obstacle = reading.Disagrees ? reading.Describe() : null;
    }
}
