using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace Hybrid.Lanes.Consuming;

/// <summary>What the consuming thread may do.</summary>
internal enum Pressure
{
    /// <summary>Take records.</summary>
    Open,

    /// <summary>Take none for a moment: the bound is reached, and most likely only just.</summary>
    Wait,

    /// <summary>The partitions are paused: poll, so that the group knows the lane is alive, and get nothing.</summary>
    Paused,
}

/// <summary>
/// Pauses the partitions when the gate stays shut, and resumes them when it opens. Not at once: pausing throws away what the client
/// has fetched ahead, so a lane at its limit would fetch everything twice.
/// </summary>
internal sealed class Backpressure(IConsumer<byte[], byte[]> consumer, InFlightGate gate, TimeSpan pauseAfter, TimeProvider time, ILogger logger)
{
    private long? _shutSince;
    private long _pausedGeneration;

    public bool IsPaused { get; private set; }

    /// <param name="generation">Changes with every assignment: partitions that came after a pause are paused too.</param>
    public Pressure Decide(long generation)
    {
        if (gate.IsOpen)
        {
            _shutSince = null;
            if (IsPaused)
            {
                consumer.Resume(consumer.Assignment);
                IsPaused = false;
                logger.Resumed();
            }

            return Pressure.Open;
        }

        _shutSince ??= time.GetTimestamp();
        if (!IsPaused && time.GetElapsedTime(_shutSince.Value) < pauseAfter)
        {
            return Pressure.Wait;
        }

        if (!IsPaused)
        {
            logger.Paused(gate.Records, gate.Bytes);
        }

        if (!IsPaused || _pausedGeneration != generation)
        {
            consumer.Pause(consumer.Assignment);
            _pausedGeneration = generation;
            IsPaused = true;
        }

        return Pressure.Paused;
    }

    /// <summary>
    /// Lets go of partitions that are being given up. The client would keep them paused, and if they came back after the others had been
    /// resumed, nobody would ever read them again.
    /// </summary>
    public void Release(IEnumerable<TopicPartition> partitions)
    {
        if (IsPaused)
        {
            consumer.Resume(partitions);
        }
    }
}
