using System.Text.Json;
using System.Text.Json.Nodes;

namespace Hybrid.Sandbox.Registry.Avro;

/// <summary>Whether a field's default fits its schema, by the table of defaults in the Avro specification.</summary>
internal static class AvroDefaults
{
    /// <summary>A union's default must fit its first branch; later specifications allow any, and so does this.</summary>
    public static bool IsValid(AvroSchema schema, JsonNode? value) => schema switch
    {
        AvroUnion union => union.Branches.Any(branch => IsValid(branch, value)),
        AvroArray array => value is JsonArray items && items.All(item => IsValid(array.Items, item)),
        AvroMap map => value is JsonObject entries && entries.All(entry => IsValid(map.Values, entry.Value)),
        AvroRecord record => value is JsonObject fields && record.Fields.All(field =>
            fields.TryGetPropertyValue(field.Name, out var given) ? IsValid(field.Schema, given) : field.HasDefault),
        AvroEnum enumeration => value is JsonValue symbol && symbol.TryGetValue<string>(out var text) && enumeration.Symbols.Contains(text),
        AvroFixed => IsKind(value, JsonValueKind.String),
        _ => schema.Kind switch
        {
            "null" => value is null,
            "boolean" => IsKind(value, JsonValueKind.True) || IsKind(value, JsonValueKind.False),
            "int" => value is JsonValue number && number.TryGetValue<int>(out _),
            "long" => value is JsonValue number && number.TryGetValue<long>(out _),
            "float" or "double" => IsKind(value, JsonValueKind.Number)
                || (value is JsonValue name && name.TryGetValue<string>(out var text) && text is ("NaN" or "Infinity" or "-Infinity")),
            _ => IsKind(value, JsonValueKind.String),
        },
    };

    private static bool IsKind(JsonNode? value, JsonValueKind kind) => value is not null && value.GetValueKind() == kind;
}
