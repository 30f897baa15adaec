using System.Text.Encodings.Web;
using System.Text.Json;
using Hybrid.Contracts.Search;
using Hybrid.Pipeline.Avro;
using Hybrid.Pipeline.Solr.Updates;

namespace Hybrid.Pipeline.Solr.Json;

/// <summary>Atomic updates as JSON: <c>{"id":"a","version":1,"field":{"set":2}}</c>. Not for concurrent use.</summary>
internal sealed class JsonUpdateSink(Utf8JsonWriter json) : IUpdateSink
{
    public static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    private static readonly JsonEncodedText IdName = JsonEncodedText.Encode(SolrFields.Id);
    private static readonly JsonEncodedText SetName = JsonEncodedText.Encode("set");

    public void Write<T>(UpdateFamily<T> family, T item)
    {
        json.WriteStartObject();
        family.Write(this, item);
        json.WriteEndObject();
    }

    public void Id(string id) => json.WriteString(IdName, id);

    public void Id(ReadOnlySpan<byte> utf8) => json.WriteString(IdName, utf8);

    public void Version(UpdateField field, long version) => json.WriteNumber(field.Json, version);

    public void Set(UpdateField field, string? value)
    {
        Begin(field);
        json.WriteString(SetName, value);
        json.WriteEndObject();
    }

    public void Set(UpdateField field, ReadOnlySpan<char> value)
    {
        Begin(field);
        json.WriteString(SetName, value);
        json.WriteEndObject();
    }

    public void Set(UpdateField field, OptionalText value)
    {
        Begin(field);
        if (value.IsGiven)
        {
            json.WriteString(SetName, value.Utf8);
        }
        else
        {
            json.WriteNull(SetName);
        }

        json.WriteEndObject();
    }

    public void Set(UpdateField field, long? value)
    {
        Begin(field);
        if (value is { } number)
        {
            json.WriteNumber(SetName, number);
        }
        else
        {
            json.WriteNull(SetName);
        }

        json.WriteEndObject();
    }

    public void Set(UpdateField field, double? value)
    {
        Begin(field);
        if (value is { } number)
        {
            json.WriteNumber(SetName, number);
        }
        else
        {
            json.WriteNull(SetName);
        }

        json.WriteEndObject();
    }

    public void Set(UpdateField field, bool? value)
    {
        Begin(field);
        if (value is { } flag)
        {
            json.WriteBoolean(SetName, flag);
        }
        else
        {
            json.WriteNull(SetName);
        }

        json.WriteEndObject();
    }

    public void Set(UpdateField field, IReadOnlyList<string> values)
    {
        Begin(field);
        if (values.Count == 0)
        {
            json.WriteNull(SetName);
        }
        else
        {
            json.WriteStartArray(SetName);
            for (var i = 0; i < values.Count; i++)
            {
                json.WriteStringValue(values[i]);
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    private void Begin(UpdateField field)
    {
        json.WritePropertyName(field.Json);
        json.WriteStartObject();
    }
}
