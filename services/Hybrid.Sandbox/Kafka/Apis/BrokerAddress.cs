using System.Net;

namespace Hybrid.Sandbox.Kafka.Apis;

/// <summary>Where the broker is.</summary>
internal sealed class BrokerAddress
{
    public const int NodeId = 1;

    public string ClusterId => "hybrid-sandbox";

    public string Host { get; } = IPAddress.Loopback.ToString();

    public int Port { get; set; }
}
