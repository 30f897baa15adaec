using System.Globalization;
using System.Text;
using System.Xml;
using Hybrid.Contracts.Records;
using Hybrid.Contracts.Search;
using SolrNet;
using SolrNet.Impl;

namespace Hybrid.Pipeline.Solr.SolrNet;

/// <summary>
/// Deltas as Solr's XML atomic updates (Solr Reference Guide, "Partial Document Updates"), as the JSON adapter writes them: SolrNet's own
/// command takes one document, no null and no chain.
/// </summary>
internal sealed class AttributesCommand : ISolrCommand
{
    private const string ContentType = "text/xml; charset=utf-8";

    private static readonly XmlWriterSettings Settings = new() { Encoding = new UTF8Encoding(false), OmitXmlDeclaration = true, NewLineHandling = NewLineHandling.Entitize };

    private readonly MemoryStream _body = new();
    private readonly KeyValuePair<string, string>[] _parameters;

    public AttributesCommand(IReadOnlyList<CatalogDelta> deltas, int start, int count, SolrVisibility visibility)
    {
        _parameters = Parameters(visibility);
        using (var xml = XmlWriter.Create(_body, Settings))
        {
            xml.WriteStartElement("add");
            for (var i = start; i < start + count; i++)
            {
                Write(xml, deltas[i]);
            }

            xml.WriteEndElement();
        }

        _body.Position = 0;
    }

    /// <summary>The body's length, bytes.</summary>
    public long Length => _body.Length;

    public string Execute(ISolrConnection connection) => connection.PostStream("/update", ContentType, _body, _parameters);

    public Task<string> ExecuteAsync(ISolrConnection connection) => connection.PostStreamAsync("/update", ContentType, _body, _parameters);

    private static KeyValuePair<string, string>[] Parameters(SolrVisibility visibility)
    {
        // SolrNet adds wt=xml after these, and of a parameter given twice Solr takes the first.
        var parameters = new List<KeyValuePair<string, string>> { new("update.chain", UpdateChains.Attributes), new("wt", "json") };
        if (visibility.Parameter is { } named)
        {
            var equals = named.IndexOf('=', StringComparison.Ordinal);
            parameters.Add(new(named[..equals], named[(equals + 1)..]));
        }

        return [.. parameters];
    }

    private static void Write(XmlWriter xml, CatalogDelta delta)
    {
        var upsert = delta.Kind == DeltaKind.Upsert;
        xml.WriteStartElement("doc");
        Field(xml, SolrFields.Id, delta.DocumentId, set: false);
        Field(xml, SolrFields.AttributesVersion, delta.Version.ToString(CultureInfo.InvariantCulture), set: false);
        Field(xml, SolrFields.Title, upsert ? delta.Title : null);
        Field(xml, SolrFields.Category, upsert ? delta.Category : null);
        Field(xml, SolrFields.Price, upsert ? delta.Price?.ToString("R", CultureInfo.InvariantCulture) : null);
        Field(xml, SolrFields.Quantity, upsert ? delta.Quantity?.ToString(CultureInfo.InvariantCulture) : null);
        Field(xml, SolrFields.Campaign, upsert ? delta.Campaign : null);
        Field(xml, SolrFields.Deleted, upsert ? null : "true");
        Field(xml, SolrFields.Partition, delta.Partition);
        Field(xml, SolrFields.EventTime, DateTimeOffset.FromUnixTimeMilliseconds(delta.EventTimeMilliseconds)
            .ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
        xml.WriteEndElement();
    }

    private static void Field(XmlWriter xml, string name, string? value, bool set = true)
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
