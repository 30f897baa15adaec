using System.Globalization;
using System.Text;
using System.Xml;
using Hybrid.Sandbox.Solr.Schema;

namespace Hybrid.Sandbox.Solr.Http;

/// <summary><c>wt=xml</c>.</summary>
internal sealed class XmlResponseWriter(Stream output, bool indent) : IResponseWriter, IDisposable
{
    private readonly XmlWriter _writer = XmlWriter.Create(output, new XmlWriterSettings
    {
        Encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
        Indent = indent,
        CheckCharacters = false,
        CloseOutput = false,
    });

    public string ContentType => "application/xml; charset=UTF-8";

    public void BeginResponse() => _writer.WriteStartElement("response");

    public void EndResponse()
    {
        _writer.WriteEndElement();
        _writer.Flush();
    }

    public void BeginObject(string? name) => Begin("lst", name);

    public void EndObject() => _writer.WriteEndElement();

    public void BeginArray(string? name) => Begin("arr", name);

    public void EndArray() => _writer.WriteEndElement();

    public void BeginResult(string name, long numFound, int start)
    {
        Begin("result", name);
        _writer.WriteAttributeString("numFound", numFound.ToString(CultureInfo.InvariantCulture));
        _writer.WriteAttributeString("start", start.ToString(CultureInfo.InvariantCulture));
        _writer.WriteAttributeString("numFoundExact", "true");
    }

    public void EndResult() => _writer.WriteEndElement();

    public void BeginDocument(string? name) => Begin("doc", name);

    public void EndDocument() => _writer.WriteEndElement();

    public void String(string? name, string value) => Leaf("str", name, value);

    public void String(string? name, ReadOnlySpan<byte> utf8) => Leaf("str", name, Encoding.UTF8.GetString(utf8));

    public void Int32(string? name, int value) => Leaf("int", name, value.ToString(CultureInfo.InvariantCulture));

    public void Int64(string? name, long value) => Leaf("long", name, value.ToString(CultureInfo.InvariantCulture));

    public void Double(string? name, double value) => Leaf("double", name, JavaNumbers.Format(value));

    public void Boolean(string? name, bool value) => Leaf("bool", name, value ? "true" : "false");

    public void Date(string? name, long milliseconds) => Leaf("date", name, SolrDates.Format(milliseconds));

    public void Null(string? name)
    {
        Begin("null", name);
        _writer.WriteEndElement();
    }

    public void Dispose() => _writer.Dispose();

    private void Begin(string element, string? name)
    {
        _writer.WriteStartElement(element);
        if (name is not null)
        {
            _writer.WriteAttributeString("name", name);
        }
    }

    private void Leaf(string element, string? name, string value)
    {
        Begin(element, name);
        _writer.WriteString(value);
        _writer.WriteEndElement();
    }
}
