namespace Hybrid.Sandbox.Kafka.Apis;

/// <summary>What a configuration belongs to, as the protocol numbers it.</summary>
internal enum ConfigResource : sbyte
{
    Topic = 2,
    Broker = 4,
}
