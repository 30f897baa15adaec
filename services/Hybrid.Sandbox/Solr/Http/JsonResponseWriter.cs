using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Hybrid.Sandbox.Solr.Schema;

namespace Hybrid.Sandbox.Solr.Http;

/// <summary><c>wt=json</c>.</summary>
internal sealed class JsonResponseWriter(IBufferWriter<byte> output, bool indent) : IResponseWriter, IDisposable
{
    private readonly Utf8JsonWriter _writer = new(output, new JsonWriterOptions
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Indented = indent,
        SkipValidation = true,
    });

    public string ContentType => "application/json;charset=utf-8";

    public void BeginResponse() => _writer.WriteStartObject();

    public void EndResponse()
    {
        _writer.WriteEndObject();
        _writer.Flush();
    }

    public void BeginObject(string? name)
    {
        Name(name);
        _writer.WriteStartObject();
    }

    public void EndObject() => _writer.WriteEndObject();

    public void BeginArray(string? name)
    {
        Name(name);
        _writer.WriteStartArray();
    }

    public void EndArray() => _writer.WriteEndArray();

    public void BeginResult(string name, long numFound, int start)
    {
        BeginObject(name);
        _writer.WriteNumber("numFound", numFound);
        _writer.WriteNumber("start", start);
        _writer.WriteBoolean("numFoundExact", true);
        BeginArray("docs");
    }

    public void EndResult()
    {
        EndArray();
        EndObject();
    }

    public void BeginDocument(string? name) => BeginObject(name);

    public void EndDocument() => EndObject();

    public void String(string? name, string value)
    {
        Name(name);
        _writer.WriteStringValue(value);
    }

    public void String(string? name, ReadOnlySpan<byte> utf8)
    {
        Name(name);
        _writer.WriteStringValue(utf8);
    }

    public void Int32(string? name, int value) => Int64(name, value);

    public void Int64(string? name, long value)
    {
        Name(name);
        _writer.WriteNumberValue(value);
    }

    public void Double(string? name, double value)
    {
        Name(name);
        if (double.IsFinite(value))
        {
            _writer.WriteRawValue(JavaNumbers.Format(value), skipInputValidation: true);
        }
        else
        {
            _writer.WriteStringValue(JavaNumbers.Format(value));
        }
    }

    public void Boolean(string? name, bool value)
    {
        Name(name);
        _writer.WriteBooleanValue(value);
    }

    public void Date(string? name, long milliseconds) => String(name, SolrDates.Format(milliseconds));

    public void Null(string? name)
    {
        Name(name);
        _writer.WriteNullValue();
    }

    public void Dispose() => _writer.Dispose();

    private void Name(string? name)
    {
        if (name is not null)
        {
            _writer.WritePropertyName(name);
        }
    }
}
