using System.Globalization;
using System.Text;
using System.Xml;
using Hybrid.Contracts.Search;
using Hybrid.Pipeline.Avro;
using Hybrid.Pipeline.Solr.Updates;
using SolrNet.Impl;

namespace Hybrid.Pipeline.Solr.SolrNet;

/// <summary>Atomic updates as XML: <c>&lt;field name="f" update="set"&gt;2&lt;/field&gt;</c>, or <c>null="true"</c>.</summary>
internal sealed class XmlUpdateSink(XmlWriter xml) : IUpdateSink
{
    public void Write<T>(UpdateFamily<T> family, T item)
    {
        xml.WriteStartElement("doc");
        family.Write(this, item);
        xml.WriteEndElement();
    }

    public void Id(string id) => Field(SolrFields.Id, id, set: false);

    public void Id(ReadOnlySpan<byte> utf8) => Id(Encoding.UTF8.GetString(utf8));

    public void Version(UpdateField field, long version) => Field(field.Name, version.ToString(CultureInfo.InvariantCulture), set: false);

    public void Set(UpdateField field, string? value) => Field(field.Name, value);

    public void Set(UpdateField field, ReadOnlySpan<char> value) => Field(field.Name, value.ToString());

    public void Set(UpdateField field, OptionalText value) => Field(field.Name, value.IsGiven ? Encoding.UTF8.GetString(value.Utf8) : null);

    public void Set(UpdateField field, long? value) => Field(field.Name, value?.ToString(CultureInfo.InvariantCulture));

    public void Set(UpdateField field, double? value) => Field(field.Name, value?.ToString("R", CultureInfo.InvariantCulture));

    public void Set(UpdateField field, bool? value) => Field(field.Name, value switch { null => null, true => "true", false => "false" });

    public void Set(UpdateField field, IReadOnlyList<string> values)
    {
        if (values.Count == 0)
        {
            Field(field.Name, null);
        }

        foreach (var value in values)
        {
            Field(field.Name, value);
        }
    }

    private void Field(string name, string? value, bool set = true)
    {
        xml.WriteStartElement("field");
        xml.WriteAttributeString("name", name);
        if (set)
        {
            xml.WriteAttributeString("update", "set");
        }

        if (value is null)
        {
            xml.WriteAttributeString("null", "true");
        }
        else
        {
            xml.WriteString(SolrDocumentSerializer<object>.RemoveControlCharacters(value));
        }

        xml.WriteEndElement();
    }
}
