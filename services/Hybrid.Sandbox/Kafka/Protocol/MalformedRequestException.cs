namespace Hybrid.Sandbox.Kafka.Protocol;

/// <summary>The bytes of a request do not follow its schema. The connection that sent them is closed.</summary>
internal sealed class MalformedRequestException(string message) : Exception(message);
