namespace Hybrid.Sandbox.Kafka.Protocol;

/// <summary>One request: its header, who sent it, and the bytes of its body, which live until it is answered.</summary>
internal sealed record KafkaRequest(
    ApiKey Key, short Version, int CorrelationId, string ClientId, string ClientHost, bool Flexible, Memory<byte> Body)
{
    public RequestReader Reader() => new(Body.Span, Flexible);
}
