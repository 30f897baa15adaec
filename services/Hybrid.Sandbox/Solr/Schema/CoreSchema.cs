using System.Collections.Immutable;
using System.Xml.Linq;
using Hybrid.Sandbox.Hosting;

namespace Hybrid.Sandbox.Solr.Schema;

/// <summary>The fields of a core, read from the configset's <c>schema.xml</c>.</summary>
internal sealed class CoreSchema
{
    private const string VersionFieldName = "_version_";

    private readonly Dictionary<string, SchemaField> _byName;
    private readonly Dictionary<byte[], SchemaField>.AlternateLookup<ReadOnlySpan<byte>> _byUtf8Name;

    private CoreSchema(string name, ImmutableArray<SchemaField> fields, string uniqueKey)
    {
        Name = name;
        Fields = fields;
        _byName = fields.ToDictionary(field => field.Name, StringComparer.Ordinal);
        _byUtf8Name = fields.ToDictionary(field => field.Utf8Name, new Utf8Comparer()).GetAlternateLookup<ReadOnlySpan<byte>>();
        Id = Required(uniqueKey);
        Version = Required(VersionFieldName);
        if (Id is not { Kind: FieldKind.String, MultiValued: false } || Version is not { Kind: FieldKind.Long, MultiValued: false })
        {
            throw new SandboxException($"schema '{name}': the unique key must be one string and {VersionFieldName} one long");
        }
    }

    public string Name { get; }

    public ImmutableArray<SchemaField> Fields { get; }

    /// <summary>The unique key.</summary>
    public SchemaField Id { get; }

    /// <summary><c>_version_</c>.</summary>
    public SchemaField Version { get; }

    public SchemaField? Find(string name) => _byName.GetValueOrDefault(name);

    public SchemaField? Find(ReadOnlySpan<byte> name) => _byUtf8Name.TryGetValue(name, out var field) ? field : null;

    /// <summary>Reads a <c>schema.xml</c>.</summary>
    /// <exception cref="SandboxException">It uses what the sandbox does not implement.</exception>
    public static CoreSchema Parse(XElement schema)
    {
        var name = (string?)schema.Attribute("name") ?? "schema";
        var types = schema.Descendants("fieldType").ToDictionary(type => (string)type.Attribute("name")!, StringComparer.Ordinal);
        if (schema.Descendants("dynamicField").Any() || schema.Descendants("copyField").Any())
        {
            throw new SandboxException($"schema '{name}': dynamic fields and copy fields are not supported by the sandbox");
        }

        var fields = schema.Descendants("field").Select((field, ordinal) => ParseField(name, field, ordinal, types)).ToImmutableArray();
        if (fields.Length > byte.MaxValue)
        {
            throw new SandboxException($"schema '{name}': {fields.Length} fields, of at most {byte.MaxValue}");
        }

        return new CoreSchema(name, fields, schema.Element("uniqueKey")?.Value.Trim() ?? "id");
    }

    private static SchemaField ParseField(string schema, XElement field, int ordinal, Dictionary<string, XElement> types)
    {
        var name = (string)field.Attribute("name")!;
        var typeName = (string)field.Attribute("type")!;
        if (!types.TryGetValue(typeName, out var type))
        {
            throw new SandboxException($"schema '{schema}': field '{name}' has the unknown type '{typeName}'");
        }

        var kind = (string?)type.Attribute("class") switch
        {
            "solr.StrField" => FieldKind.String,
            "solr.TextField" => FieldKind.Text,
            "solr.LongPointField" => FieldKind.Long,
            "solr.DoublePointField" => FieldKind.Double,
            "solr.DatePointField" => FieldKind.Date,
            "solr.BoolField" => FieldKind.Boolean,
            var other => throw new SandboxException($"schema '{schema}': field type class '{other}' is not supported by the sandbox"),
        };

        bool Flag(string flag, bool otherwise) => (bool?)field.Attribute(flag) ?? (bool?)type.Attribute(flag) ?? otherwise;
        return new SchemaField(
            name,
            ordinal,
            kind,
            typeName,
            Flag("multiValued", false),
            Flag("required", false),
            Flag("indexed", true),
            Flag("stored", true),
            Flag("docValues", false),
            Flag("sortMissingLast", false));
    }

    private SchemaField Required(string name) =>
        Find(name) ?? throw new SandboxException($"schema '{Name}': there is no field '{name}'");
}
