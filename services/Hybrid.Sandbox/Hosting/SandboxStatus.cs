using System.Text.Json.Serialization;

namespace Hybrid.Sandbox.Hosting;

/// <summary>What <c>GET /admin/status</c> answers.</summary>
/// <param name="ProcessId">The sandbox's process.</param>
/// <param name="UptimeSeconds">Since it was ready.</param>
/// <param name="Services">By name: <c>kafka</c>, <c>registry</c>, <c>s3</c>, <c>solr</c>; those that run.</param>
internal sealed record SandboxStatus(int ProcessId, double UptimeSeconds, IReadOnlyDictionary<string, ServiceStatus> Services);

/// <summary>One service's part of the status.</summary>
/// <param name="Requests">Requests answered since the start, by operation.</param>
internal sealed record ServiceStatus(IReadOnlyDictionary<string, long> Requests);

[JsonSourceGenerationOptions(System.Text.Json.JsonSerializerDefaults.Web, WriteIndented = true)]
[JsonSerializable(typeof(SandboxStatus))]
internal sealed partial class StatusJson : JsonSerializerContext;
