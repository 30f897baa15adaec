using Hybrid.Sandbox.Kafka.Protocol;

namespace Hybrid.Sandbox.Kafka.Groups;

/// <summary>What a member of a consumer group subscribes to: the start of the metadata that its assignors offer, in any version.</summary>
internal static class ConsumerSubscription
{
    /// <summary>The protocol type of groups whose members send subscriptions.</summary>
    public const string ProtocolType = "consumer";

    /// <summary>The topics; null when the metadata is no subscription.</summary>
    public static IReadOnlyList<string>? Topics(ReadOnlySpan<byte> metadata)
    {
        try
        {
            var reader = new RequestReader(metadata, flexible: false);
            reader.Int16();
            var topics = new string[reader.ArrayLength()];
            for (var i = 0; i < topics.Length; i++)
            {
                topics[i] = reader.String();
            }
            return topics;
        }
        catch (MalformedRequestException)
        {
            return null;
        }
    }
}
