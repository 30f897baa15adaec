using Hybrid.Sandbox.Kafka.Protocol;

namespace Hybrid.Sandbox.Kafka.Apis;

/// <summary>ProducerFenced came late to the protocol (KIP-588); older versions are told InvalidProducerEpoch instead.</summary>
internal static class FencedError
{
    public static ErrorCode For(ErrorCode error, bool known) =>
        error == ErrorCode.ProducerFenced && !known ? ErrorCode.InvalidProducerEpoch : error;
}
