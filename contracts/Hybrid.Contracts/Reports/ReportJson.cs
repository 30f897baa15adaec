using System.Text.Json;
using System.Text.Json.Serialization;

namespace Hybrid.Contracts.Reports;

/// <summary>Serialization of <see cref="ComparisonReport"/> without reflection: camel case, indented, nulls left out.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, WriteIndented = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ComparisonReport))]
public sealed partial class ReportJson : JsonSerializerContext;
