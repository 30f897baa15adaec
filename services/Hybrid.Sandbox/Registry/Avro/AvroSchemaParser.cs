using System.Text.Json;
using System.Text.Json.Nodes;

namespace Hybrid.Sandbox.Registry.Avro;

/// <summary>Parses a schema declaration (Avro 1.11, "Schema Declaration").</summary>
internal sealed class AvroSchemaParser
{
    private const int DeepestNesting = 64;

    private static readonly HashSet<string> Primitives = ["null", "boolean", "int", "long", "float", "double", "bytes", "string"];
    private static readonly JsonDocumentOptions JsonOptions = new() { MaxDepth = 2 * DeepestNesting };

    private readonly Dictionary<string, AvroNamed> _named;

    private AvroSchemaParser(Dictionary<string, AvroNamed> named) => _named = named;

    /// <summary>Parses one schema.</summary>
    /// <param name="text">The schema's JSON; the bare name of a primitive type is one too.</param>
    /// <param name="references">Texts of schemas whose named types this one may use, in order.</param>
    /// <exception cref="AvroSchemaException">The text is not a schema.</exception>
    public static AvroSchema Parse(string text, params IReadOnlyList<string> references)
    {
        var parser = new AvroSchemaParser(new Dictionary<string, AvroNamed>(StringComparer.Ordinal));
        foreach (var reference in references)
        {
            parser.ParseText(reference);
        }

        return parser.ParseText(text);
    }

    /// <summary>The full names that schemas define.</summary>
    public static IReadOnlyCollection<string> NamesOf(IReadOnlyList<string> texts)
    {
        var parser = new AvroSchemaParser(new Dictionary<string, AvroNamed>(StringComparer.Ordinal));
        foreach (var text in texts)
        {
            parser.ParseText(text);
        }

        return parser._named.Keys;
    }

    private AvroSchema ParseText(string text)
    {
        if (Primitives.Contains(text.Trim()))
        {
            return new AvroPrimitive(text.Trim());
        }

        try
        {
            return ParseNode(JsonNode.Parse(text, documentOptions: JsonOptions), string.Empty);
        }
        catch (JsonException exception)
        {
            throw new AvroSchemaException($"The schema is not JSON: {exception.Message}");
        }
        catch (ArgumentException)
        {
            throw new AvroSchemaException("An object of the schema has the same attribute twice.");
        }
    }

    private AvroSchema ParseNode(JsonNode? node, string enclosingNamespace) => node switch
    {
        JsonValue value when value.TryGetValue<string>(out var name) => ParseReference(name, enclosingNamespace),
        JsonArray branches => ParseUnion(branches, enclosingNamespace),
        JsonObject definition => ParseDefinition(definition, enclosingNamespace),
        _ => throw new AvroSchemaException($"No schema: {node?.ToJsonString() ?? "null"}"),
    };

    private AvroSchema ParseReference(string name, string enclosingNamespace)
    {
        if (Primitives.Contains(name))
        {
            return new AvroPrimitive(name);
        }

        return _named.GetValueOrDefault(AvroName.Parse(name, enclosingNamespace).Full)
            ?? _named.GetValueOrDefault(name)
            ?? throw new AvroSchemaException($"Undefined name: \"{name}\"");
    }

    private AvroUnion ParseUnion(JsonArray nodes, string enclosingNamespace)
    {
        var branches = new List<AvroSchema>(nodes.Count);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var node in nodes)
        {
            var branch = ParseNode(node, enclosingNamespace);
            if (branch is AvroUnion)
            {
                throw new AvroSchemaException("A union holds a union.");
            }

            if (!seen.Add(branch is AvroNamed named ? named.Name.Full : branch.Kind))
            {
                throw new AvroSchemaException($"A union holds {branch.Description} twice.");
            }

            branches.Add(branch);
        }

        return new AvroUnion(branches);
    }

    private AvroSchema ParseDefinition(JsonObject definition, string enclosingNamespace)
    {
        var type = definition["type"];
        if (type is not JsonValue value || !value.TryGetValue<string>(out var kind))
        {
            return type is null
                ? throw new AvroSchemaException($"No type: {definition.ToJsonString()}")
                : ParseNode(type, enclosingNamespace);
        }

        switch (kind)
        {
            case "array":
                var items = ParseNode(Required(definition, "items"), enclosingNamespace);
                return new AvroArray(items) { Properties = Properties(definition, "type", "items") };
            case "map":
                var values = ParseNode(Required(definition, "values"), enclosingNamespace);
                return new AvroMap(values) { Properties = Properties(definition, "type", "values") };
            case "record" or "error":
                return ParseRecord(definition, enclosingNamespace, kind == "error");
            case "enum":
                return Define(ParseEnum(definition, enclosingNamespace));
            case "fixed":
                return Define(ParseFixed(definition, enclosingNamespace));
            default:
                return Primitives.Contains(kind)
                    ? new AvroPrimitive(kind) { Properties = Properties(definition, "type") }
                    : ParseReference(kind, enclosingNamespace);
        }
    }

    private AvroRecord ParseRecord(JsonObject definition, string enclosingNamespace, bool isError)
    {
        var name = Name(definition, enclosingNamespace);
        var record = Define(new AvroRecord(name, isError)
        {
            Doc = Text(definition, "doc"),
            Aliases = FullAliases(definition, name.Namespace),
            Properties = Properties(definition, "type", "name", "namespace", "doc", "aliases", "fields"),
        });
        if (Required(definition, "fields") is not JsonArray nodes)
        {
            throw new AvroSchemaException($"The fields of record {name.Full} are not an array.");
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        var fields = new List<AvroField>(nodes.Count);
        foreach (var node in nodes)
        {
            var declaration = node as JsonObject ?? throw new AvroSchemaException($"A field of record {name.Full} is not an object.");
            var field = ParseField(declaration, name);
            if (!seen.Add(field.Name))
            {
                throw new AvroSchemaException($"Duplicate field {field.Name} in record {name.Full}.");
            }

            fields.Add(field);
        }

        record.Fields = fields;
        return record;
    }

    private AvroField ParseField(JsonObject definition, AvroName record)
    {
        var name = Text(definition, "name") ?? throw new AvroSchemaException($"A field of record {record.Full} has no name.");
        if (!AvroName.IsName(name))
        {
            throw new AvroSchemaException($"'{name}' of record {record.Full} is not a field name.");
        }

        var order = Text(definition, "order");
        if (order is not (null or "ascending" or "descending" or "ignore"))
        {
            throw new AvroSchemaException($"'{order}' of field {name} is no order.");
        }

        var schema = ParseNode(Required(definition, "type"), record.Namespace);
        var hasDefault = definition.TryGetPropertyValue("default", out var value);
        if (hasDefault && !AvroDefaults.IsValid(schema, value))
        {
            throw new AvroSchemaException(
                $"Invalid default for field {name} of record {record.Full}: {value?.ToJsonString() ?? "null"} is not a {schema.Description}.");
        }

        return new AvroField(name, schema)
        {
            HasDefault = hasDefault,
            Default = value,
            Doc = Text(definition, "doc"),
            Order = order,
            Aliases = Strings(definition, "aliases"),
            Properties = Properties(definition, "name", "type", "doc", "default", "order", "aliases"),
        };
    }

    private static AvroEnum ParseEnum(JsonObject definition, string enclosingNamespace)
    {
        var name = Name(definition, enclosingNamespace);
        var symbols = Strings(definition, "symbols");
        if (symbols.FirstOrDefault(static symbol => !AvroName.IsName(symbol)) is { } illegal)
        {
            throw new AvroSchemaException($"'{illegal}' of enum {name.Full} is not a symbol.");
        }

        if (symbols.Distinct(StringComparer.Ordinal).Count() != symbols.Count)
        {
            throw new AvroSchemaException($"Enum {name.Full} has a symbol twice.");
        }

        var defaultSymbol = Text(definition, "default");
        if (defaultSymbol is not null && !symbols.Contains(defaultSymbol))
        {
            throw new AvroSchemaException($"The default {defaultSymbol} of enum {name.Full} is none of its symbols.");
        }

        return new AvroEnum(name, symbols, defaultSymbol)
        {
            Doc = Text(definition, "doc"),
            Aliases = FullAliases(definition, name.Namespace),
            Properties = Properties(definition, "type", "name", "namespace", "doc", "aliases", "symbols", "default"),
        };
    }

    private static AvroFixed ParseFixed(JsonObject definition, string enclosingNamespace)
    {
        var name = Name(definition, enclosingNamespace);
        if (Required(definition, "size") is not JsonValue value || !value.TryGetValue<int>(out var size) || size < 0)
        {
            throw new AvroSchemaException($"Fixed {name.Full} has no valid size.");
        }

        return new AvroFixed(name, size)
        {
            Doc = Text(definition, "doc"),
            Aliases = FullAliases(definition, name.Namespace),
            Properties = Properties(definition, "type", "name", "namespace", "doc", "aliases", "size"),
        };
    }

    private T Define<T>(T schema)
        where T : AvroNamed
    {
        if (Primitives.Contains(schema.Name.Simple) && schema.Name.Namespace.Length == 0)
        {
            throw new AvroSchemaException($"A named type cannot be called {schema.Name.Simple}.");
        }

        return _named.TryAdd(schema.Name.Full, schema) ? schema : throw new AvroSchemaException($"Can't redefine: {schema.Name.Full}");
    }

    private static AvroName Name(JsonObject definition, string enclosingNamespace)
    {
        var text = Text(definition, "name") ?? throw new AvroSchemaException($"No name in schema: {definition.ToJsonString()}");
        return AvroName.Parse(text, Text(definition, "namespace") ?? enclosingNamespace);
    }

    private static JsonNode Required(JsonObject definition, string attribute) =>
        definition[attribute] ?? throw new AvroSchemaException($"No {attribute} in schema: {definition.ToJsonString()}");

    private static string? Text(JsonObject definition, string attribute)
    {
        if (definition[attribute] is not { } node)
        {
            return null;
        }

        return node is JsonValue value && value.TryGetValue<string>(out var text)
            ? text
            : throw new AvroSchemaException($"The {attribute} is not a string: {node.ToJsonString()}");
    }

    private static IReadOnlyList<string> Strings(JsonObject definition, string attribute)
    {
        if (definition[attribute] is not { } node)
        {
            return attribute == "aliases" ? [] : throw new AvroSchemaException($"No {attribute} in schema: {definition.ToJsonString()}");
        }

        return node is JsonArray array && array.All(static item => item is JsonValue value && value.TryGetValue<string>(out _))
            ? [.. array.Select(static item => item!.GetValue<string>())]
            : throw new AvroSchemaException($"The {attribute} are not an array of strings: {node.ToJsonString()}");
    }

    private static List<string> FullAliases(JsonObject definition, string enclosingNamespace) =>
        [.. Strings(definition, "aliases").Select(alias => AvroName.Parse(alias, enclosingNamespace).Full)];

    private static List<KeyValuePair<string, JsonNode?>> Properties(JsonObject definition, params ReadOnlySpan<string> known)
    {
        var properties = new List<KeyValuePair<string, JsonNode?>>();
        foreach (var property in definition)
        {
            if (!known.Contains(property.Key))
            {
                properties.Add(property);
            }
        }

        return properties;
    }
}
