using Hybrid.Sandbox.Solr.Index;
using Hybrid.Sandbox.Solr.Schema;

namespace Hybrid.Sandbox.Solr.Http;

/// <summary>Writes documents into an answer.</summary>
internal static class DocumentWriter
{
    public static void Write(IResponseWriter writer, string? name, CoreSchema schema, FieldList fields, in StoredDocument document)
    {
        writer.BeginDocument(name);
        if (fields.Returns(schema.Id))
        {
            writer.String(schema.Id.Name, document.Id);
        }

        ReadOnlySpan<byte> body = document.Body;
        var position = StoredDocument.HeaderSize;
        while (position < body.Length)
        {
            var field = schema.Fields[body[position++]];
            var start = position;
            StoredValue.Skip(field, body, ref position);
            if (fields.Returns(field))
            {
                Write(writer, field, body[start..position]);
            }
        }

        if (fields.Returns(schema.Version))
        {
            writer.Int64(schema.Version.Name, document.Version);
        }

        if (fields.ReturnsScore)
        {
            writer.Float(FieldList.Score, 1);
        }

        writer.EndDocument();
    }

    private static void Write(IResponseWriter writer, SchemaField field, ReadOnlySpan<byte> values)
    {
        if (field.MultiValued)
        {
            writer.BeginArray(field.Name);
        }

        var name = field.MultiValued ? null : field.Name;
        foreach (var value in new ValueEnumerator(field, values))
        {
            ValueWriter.Write(writer, name, field.Kind, value);
        }

        if (field.MultiValued)
        {
            writer.EndArray();
        }
    }
}
