using System.Text.Json;

namespace Hybrid.Pipeline.Avro;

/// <summary>The Avro types.</summary>
internal enum AvroType
{
    Null,
    Boolean,
    Int,
    Long,
    Float,
    Double,
    Bytes,
    String,
    Record,
    Enum,
    Array,
    Map,
    Fixed,
    Union,
}

/// <summary>A field of a record schema.</summary>
internal sealed record AvroField(string Name, AvroSchema Schema, bool HasDefault);

/// <summary>A parsed Avro schema: what is needed to read data that was written with it.</summary>
internal sealed class AvroSchema
{
    private AvroSchema(AvroType type) => Type = type;

    public AvroType Type { get; }

    public string? Name { get; private init; }

    public IReadOnlyList<AvroField> Fields { get; private set; } = [];

    public IReadOnlyList<string> Symbols { get; private init; } = [];

    public IReadOnlyList<AvroSchema> Branches { get; private init; } = [];

    public AvroSchema? Items { get; private init; }

    public int Size { get; private init; }

    /// <summary>What the values mean, such as <c>timestamp-micros</c>; null when nothing is said.</summary>
    public string? LogicalType { get; private init; }

    /// <summary>Parses a schema's JSON.</summary>
    /// <exception cref="FormatException">It is not a schema.</exception>
    public static AvroSchema Parse(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return Parse(document.RootElement, "", new Dictionary<string, AvroSchema>(StringComparer.Ordinal));
        }
        catch (Exception failure) when (failure is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new FormatException($"not an Avro schema: {failure.Message}", failure);
        }
    }

    /// <summary>Whether values of this schema are the same bytes as the same values of another, field by field of the same names. The other must not contain itself.</summary>
    public bool IsWrittenLike(AvroSchema other) => Type == other.Type && Type switch
    {
        AvroType.Record => Fields.Count == other.Fields.Count
            && Fields.Zip(other.Fields).All(pair => pair.First.Name == pair.Second.Name && pair.First.Schema.IsWrittenLike(pair.Second.Schema)),
        AvroType.Enum => Symbols.SequenceEqual(other.Symbols),
        AvroType.Union => Branches.Count == other.Branches.Count && Branches.Zip(other.Branches).All(pair => pair.First.IsWrittenLike(pair.Second)),
        AvroType.Array or AvroType.Map => Items!.IsWrittenLike(other.Items!),
        AvroType.Fixed => Size == other.Size,
        _ => true,
    };

    private static AvroSchema Parse(JsonElement element, string space, Dictionary<string, AvroSchema> named)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.String:
                return ByName(element.GetString()!, space, named);
            case JsonValueKind.Array:
                return new AvroSchema(AvroType.Union) { Branches = [.. element.EnumerateArray().Select(branch => Parse(branch, space, named))] };
            case JsonValueKind.Object:
                break;
            default:
                throw new FormatException($"'{element}' is no type");
        }

        var type = element.GetProperty("type");
        if (type.ValueKind != JsonValueKind.String)
        {
            return Parse(type, space, named);
        }

        switch (type.GetString())
        {
            case "array":
                return new AvroSchema(AvroType.Array) { Items = Parse(element.GetProperty("items"), space, named) };
            case "map":
                return new AvroSchema(AvroType.Map) { Items = Parse(element.GetProperty("values"), space, named) };
            case "enum":
                var symbols = element.GetProperty("symbols").EnumerateArray().Select(symbol => symbol.GetString()!).ToArray();
                return Register(new AvroSchema(AvroType.Enum) { Name = FullName(element, ref space), Symbols = symbols }, named);
            case "fixed":
                return Register(new AvroSchema(AvroType.Fixed) { Name = FullName(element, ref space), Size = element.GetProperty("size").GetInt32() }, named);
            case "record" or "error":
                var record = Register(new AvroSchema(AvroType.Record) { Name = FullName(element, ref space) }, named);
                record.Fields =
                [
                    .. element.GetProperty("fields").EnumerateArray().Select(field => new AvroField(
                        field.GetProperty("name").GetString()!,
                        Parse(field.GetProperty("type"), space, named),
                        field.TryGetProperty("default", out _))),
                ];
                return record;
            case { } name when element.TryGetProperty("logicalType", out var logical) && Primitive(name) is { } primitive:
                return new AvroSchema(primitive) { LogicalType = logical.GetString() };
            case { } name:
                return ByName(name, space, named);
            default:
                throw new FormatException("a type has no name");
        }
    }

    private static AvroSchema ByName(string name, string space, Dictionary<string, AvroSchema> named) =>
        Primitive(name) is { } primitive ? new AvroSchema(primitive)
        : named.TryGetValue(name.Contains('.') || space.Length == 0 ? name : $"{space}.{name}", out var schema) ? schema
        : throw new FormatException($"the type '{name}' is not defined");

    private static AvroType? Primitive(string name) => name switch
    {
        "null" => AvroType.Null,
        "boolean" => AvroType.Boolean,
        "int" => AvroType.Int,
        "long" => AvroType.Long,
        "float" => AvroType.Float,
        "double" => AvroType.Double,
        "bytes" => AvroType.Bytes,
        "string" => AvroType.String,
        _ => null,
    };

    private static string FullName(JsonElement element, ref string space)
    {
        var name = element.GetProperty("name").GetString()!;
        if (name.LastIndexOf('.') is var dot and >= 0)
        {
            space = name[..dot];
            return name;
        }

        if (element.TryGetProperty("namespace", out var given))
        {
            space = given.GetString() ?? "";
        }

        return space.Length == 0 ? name : $"{space}.{name}";
    }

    private static AvroSchema Register(AvroSchema schema, Dictionary<string, AvroSchema> named) => named[schema.Name!] = schema;
}
