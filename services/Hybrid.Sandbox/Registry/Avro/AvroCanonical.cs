using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Hybrid.Sandbox.Registry.Avro;

/// <summary>
/// The one text of a schema: no white space, attributes in a fixed order, each named type written where it is first used and
/// referred to afterwards. Two texts that differ only in layout are one schema; docs, defaults, aliases and properties count.
/// </summary>
internal static class AvroCanonical
{
    private static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes a schema.</summary>
    /// <param name="schema">The schema.</param>
    /// <param name="definedElsewhere">Full names of types that are referred to only: those of referenced schemas.</param>
    public static string Write(AvroSchema schema, params IReadOnlyCollection<string> definedElsewhere)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, WriterOptions))
        {
            Write(writer, schema, string.Empty, new HashSet<string>(definedElsewhere, StringComparer.Ordinal));
        }

        return Encoding.UTF8.GetString(buffer.ToArray());
    }

    private static void Write(Utf8JsonWriter writer, AvroSchema schema, string enclosingNamespace, HashSet<string> written)
    {
        switch (schema)
        {
            case AvroNamed named when !written.Add(named.Name.Full):
                writer.WriteStringValue(named.Name.Namespace == enclosingNamespace ? named.Name.Simple : named.Name.Full);
                break;
            case AvroUnion union:
                writer.WriteStartArray();
                foreach (var branch in union.Branches)
                {
                    Write(writer, branch, enclosingNamespace, written);
                }

                writer.WriteEndArray();
                break;
            case AvroPrimitive { Properties.Count: 0 }:
                writer.WriteStringValue(schema.Kind);
                break;
            default:
                WriteDefinition(writer, schema, enclosingNamespace, written);
                break;
        }
    }

    private static void WriteDefinition(Utf8JsonWriter writer, AvroSchema schema, string enclosingNamespace, HashSet<string> written)
    {
        writer.WriteStartObject();
        writer.WriteString("type", schema.Kind);
        if (schema is AvroNamed named)
        {
            writer.WriteString("name", named.Name.Simple);
            if (named.Name.Namespace != enclosingNamespace)
            {
                writer.WriteString("namespace", named.Name.Namespace);
            }

            if (named.Doc is not null)
            {
                writer.WriteString("doc", named.Doc);
            }
        }

        switch (schema)
        {
            case AvroArray array:
                writer.WritePropertyName("items");
                Write(writer, array.Items, enclosingNamespace, written);
                break;
            case AvroMap map:
                writer.WritePropertyName("values");
                Write(writer, map.Values, enclosingNamespace, written);
                break;
            case AvroRecord record:
                writer.WriteStartArray("fields");
                foreach (var field in record.Fields)
                {
                    WriteField(writer, field, record.Name.Namespace, written);
                }

                writer.WriteEndArray();
                break;
            case AvroEnum enumeration:
                WriteStrings(writer, "symbols", enumeration.Symbols);
                if (enumeration.Default is not null)
                {
                    writer.WriteString("default", enumeration.Default);
                }

                break;
            case AvroFixed { Size: var size }:
                writer.WriteNumber("size", size);
                break;
        }

        WriteProperties(writer, schema.Properties);
        if (schema is AvroNamed { Aliases.Count: > 0 } withAliases)
        {
            WriteStrings(writer, "aliases", withAliases.Aliases);
        }

        writer.WriteEndObject();
    }

    private static void WriteField(Utf8JsonWriter writer, AvroField field, string enclosingNamespace, HashSet<string> written)
    {
        writer.WriteStartObject();
        writer.WriteString("name", field.Name);
        writer.WritePropertyName("type");
        Write(writer, field.Schema, enclosingNamespace, written);
        if (field.Doc is not null)
        {
            writer.WriteString("doc", field.Doc);
        }

        if (field.HasDefault)
        {
            writer.WritePropertyName("default");
            WriteNode(writer, field.Default);
        }

        if (field.Order is not (null or "ascending"))
        {
            writer.WriteString("order", field.Order);
        }

        if (field.Aliases.Count > 0)
        {
            WriteStrings(writer, "aliases", field.Aliases);
        }

        WriteProperties(writer, field.Properties);
        writer.WriteEndObject();
    }

    private static void WriteProperties(Utf8JsonWriter writer, IReadOnlyList<KeyValuePair<string, JsonNode?>> properties)
    {
        foreach (var (name, value) in properties)
        {
            writer.WritePropertyName(name);
            WriteNode(writer, value);
        }
    }

    private static void WriteStrings(Utf8JsonWriter writer, string name, IReadOnlyList<string> values)
    {
        writer.WriteStartArray(name);
        foreach (var value in values)
        {
            writer.WriteStringValue(value);
        }

        writer.WriteEndArray();
    }

    private static void WriteNode(Utf8JsonWriter writer, JsonNode? node)
    {
        if (node is null)
        {
            writer.WriteNullValue();
        }
        else
        {
            node.WriteTo(writer);
        }
    }
}
