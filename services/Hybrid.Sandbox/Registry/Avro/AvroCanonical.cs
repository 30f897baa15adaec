using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Hybrid.Sandbox.Registry.Avro;

/// <summary>
/// The one text of a schema: no white space, attributes in a fixed order, each named type written where it is first used and
/// referred to afterwards. Two texts that differ only in layout are one schema; docs, defaults, aliases and properties count.
/// </summary>
internal sealed class AvroCanonical
{
    private static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Utf8JsonWriter _writer;
    private readonly bool _normalize;
    private readonly HashSet<string> _written;

    private AvroCanonical(Utf8JsonWriter writer, bool normalize, IEnumerable<string> definedElsewhere)
    {
        _writer = writer;
        _normalize = normalize;
        _written = new HashSet<string>(definedElsewhere, StringComparer.Ordinal);
    }

    /// <summary>Writes a schema.</summary>
    /// <param name="schema">The schema.</param>
    /// <param name="normalize">Properties, which have no order, are sorted by name.</param>
    /// <param name="definedElsewhere">Full names of types that are referred to only: those of referenced schemas.</param>
    public static string Write(AvroSchema schema, bool normalize = false, params IReadOnlyCollection<string> definedElsewhere)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, WriterOptions))
        {
            new AvroCanonical(writer, normalize, definedElsewhere).Write(schema, string.Empty);
        }

        return Encoding.UTF8.GetString(buffer.ToArray());
    }

    private void Write(AvroSchema schema, string enclosingNamespace)
    {
        switch (schema)
        {
            case AvroNamed named when !_written.Add(named.Name.Full):
                _writer.WriteStringValue(named.Name.Namespace == enclosingNamespace ? named.Name.Simple : named.Name.Full);
                break;
            case AvroUnion union:
                _writer.WriteStartArray();
                foreach (var branch in union.Branches)
                {
                    Write(branch, enclosingNamespace);
                }

                _writer.WriteEndArray();
                break;
            case AvroPrimitive { Properties.Count: 0 }:
                _writer.WriteStringValue(schema.Kind);
                break;
            default:
                WriteDefinition(schema, enclosingNamespace);
                break;
        }
    }

    private void WriteDefinition(AvroSchema schema, string enclosingNamespace)
    {
        _writer.WriteStartObject();
        _writer.WriteString("type", schema.Kind);
        if (schema is AvroNamed named)
        {
            _writer.WriteString("name", named.Name.Simple);
            if (named.Name.Namespace != enclosingNamespace)
            {
                _writer.WriteString("namespace", named.Name.Namespace);
            }

            if (named.Doc is not null)
            {
                _writer.WriteString("doc", named.Doc);
            }
        }

        switch (schema)
        {
            case AvroArray array:
                _writer.WritePropertyName("items");
                Write(array.Items, enclosingNamespace);
                break;
            case AvroMap map:
                _writer.WritePropertyName("values");
                Write(map.Values, enclosingNamespace);
                break;
            case AvroRecord record:
                _writer.WriteStartArray("fields");
                foreach (var field in record.Fields)
                {
                    WriteField(field, record.Name.Namespace);
                }

                _writer.WriteEndArray();
                break;
            case AvroEnum enumeration:
                WriteStrings("symbols", enumeration.Symbols);
                if (enumeration.Default is not null)
                {
                    _writer.WriteString("default", enumeration.Default);
                }

                break;
            case AvroFixed { Size: var size }:
                _writer.WriteNumber("size", size);
                break;
        }

        WriteProperties(schema.Properties);
        if (schema is AvroNamed { Aliases.Count: > 0 } withAliases)
        {
            WriteStrings("aliases", withAliases.Aliases);
        }

        _writer.WriteEndObject();
    }

    private void WriteField(AvroField field, string enclosingNamespace)
    {
        _writer.WriteStartObject();
        _writer.WriteString("name", field.Name);
        _writer.WritePropertyName("type");
        Write(field.Schema, enclosingNamespace);
        if (field.Doc is not null)
        {
            _writer.WriteString("doc", field.Doc);
        }

        if (field.HasDefault)
        {
            _writer.WritePropertyName("default");
            WriteNode(field.Default);
        }

        if (field.Order is not (null or "ascending"))
        {
            _writer.WriteString("order", field.Order);
        }

        if (field.Aliases.Count > 0)
        {
            WriteStrings("aliases", field.Aliases);
        }

        WriteProperties(field.Properties);
        _writer.WriteEndObject();
    }

    private void WriteProperties(IReadOnlyList<KeyValuePair<string, JsonNode?>> properties)
    {
        foreach (var (name, value) in _normalize ? properties.OrderBy(static property => property.Key, StringComparer.Ordinal) : properties.AsEnumerable())
        {
            _writer.WritePropertyName(name);
            WriteNode(value);
        }
    }

    private void WriteStrings(string name, IReadOnlyList<string> values)
    {
        _writer.WriteStartArray(name);
        foreach (var value in values)
        {
            _writer.WriteStringValue(value);
        }

        _writer.WriteEndArray();
    }

    private void WriteNode(JsonNode? node)
    {
        if (node is null)
        {
            _writer.WriteNullValue();
        }
        else
        {
            node.WriteTo(_writer);
        }
    }
}
