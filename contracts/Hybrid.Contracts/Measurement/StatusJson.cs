using System.Text.Json;
using System.Text.Json.Serialization;

namespace Hybrid.Contracts.Measurement;

/// <summary>Serialization of <see cref="ServiceStatus"/> without reflection.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(ServiceStatus))]
public sealed partial class StatusJson : JsonSerializerContext;
