using System.Text.Json.Serialization;
using Hybrid.Sandbox.Faults;

namespace Hybrid.Sandbox.Hosting;

/// <summary>What <c>GET /admin/status</c> answers.</summary>
/// <param name="ProcessId">The sandbox's process.</param>
/// <param name="UptimeSeconds">Since it was ready.</param>
/// <param name="Services">By name: <c>kafka</c>, <c>registry</c>, <c>s3</c>, <c>solr</c>; those that run.</param>
/// <param name="Faults">Those in force, then those that are over and were not cleared.</param>
public sealed record SandboxStatus(
    int ProcessId, double UptimeSeconds, IReadOnlyDictionary<string, ServiceStatus> Services, IReadOnlyList<FaultStatus> Faults);

/// <summary>One service's part of the status.</summary>
/// <param name="Requests">Requests answered since the start, by operation.</param>
public sealed record ServiceStatus(IReadOnlyDictionary<string, long> Requests);

/// <summary>What <c>DELETE /admin/faults</c> answers.</summary>
/// <param name="Cleared">How many faults there were.</param>
public sealed record FaultsCleared(int Cleared);

/// <summary>Serialization of what the admin endpoint answers, without reflection.</summary>
[JsonSourceGenerationOptions(
    System.Text.Json.JsonSerializerDefaults.Web, WriteIndented = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(SandboxStatus))]
[JsonSerializable(typeof(FaultStatus))]
[JsonSerializable(typeof(IReadOnlyList<FaultStatus>))]
[JsonSerializable(typeof(FaultsCleared))]
[JsonSerializable(typeof(FaultRefusal))]
public sealed partial class StatusJson : JsonSerializerContext;
