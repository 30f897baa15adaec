using System.Text;
using System.Text.Json;
using Hybrid.Pipeline.Measurement;

namespace Hybrid.Pipeline.Kafka;

/// <summary>Turns one client's librdkafka statistics, which are totals, into increments of the service's counters.</summary>
internal sealed class ClientStatistics(HybridMetrics metrics)
{
    private long _requests;
    private long _bytesSent;
    private long _bytesReceived;

    public void Handle(string json)
    {
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(json));
        long requests = 0, sent = 0, received = 0;
        while (reader.Read())
        {
            if (reader.CurrentDepth != 1 || reader.TokenType != JsonTokenType.PropertyName)
            {
                continue;
            }

            if (reader.ValueTextEquals("tx"u8))
            {
                requests = NextNumber(ref reader);
            }
            else if (reader.ValueTextEquals("tx_bytes"u8))
            {
                sent = NextNumber(ref reader);
            }
            else if (reader.ValueTextEquals("rx_bytes"u8))
            {
                received = NextNumber(ref reader);
            }
        }

        metrics.KafkaRequests.Add(Advance(ref _requests, requests));
        metrics.KafkaBytesSent.Add(Advance(ref _bytesSent, sent));
        metrics.KafkaBytesReceived.Add(Advance(ref _bytesReceived, received));
    }

    private static long NextNumber(ref Utf8JsonReader reader) => reader.Read() && reader.TryGetInt64(out var value) ? value : 0;

    private static long Advance(ref long seen, long total)
    {
        var step = Math.Max(0, total - seen);
        seen = Math.Max(seen, total);
        return step;
    }
}
