using Confluent.Kafka;

namespace Hybrid.Pipeline.Kafka;

/// <summary>Tells which errors of the clients are worth a line: librdkafka reports a broker that is down at every attempt to connect.</summary>
/// <param name="clock">Wall time.</param>
internal sealed class RepeatedErrors(TimeProvider clock)
{
    private static readonly TimeSpan s_quiet = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private readonly Dictionary<ErrorCode, long> _lastTold = [];

    /// <summary>Whether an error of this code is to be told: the first, and then one every ten seconds.</summary>
    public bool IsDue(ErrorCode code)
    {
        lock (_gate)
        {
            var now = clock.GetTimestamp();
            if (_lastTold.TryGetValue(code, out var last) && clock.GetElapsedTime(last, now) < s_quiet)
            {
                return false;
            }

            _lastTold[code] = now;
            return true;
        }
    }
}
