using System.Text;
using System.Xml;
using Hybrid.Pipeline.Solr.Updates;
using SolrNet;

namespace Hybrid.Pipeline.Solr.SolrNet;

/// <summary>
/// Documents as Solr's XML atomic updates (Solr Reference Guide, "Partial Document Updates"), as the JSON adapter writes them: SolrNet's own
/// command takes one document, no null and no chain.
/// </summary>
internal sealed class UpdateCommand<T> : ISolrCommand
{
    private const string ContentType = "text/xml; charset=utf-8";

    private static readonly XmlWriterSettings Settings = new() { Encoding = new UTF8Encoding(false), OmitXmlDeclaration = true, NewLineHandling = NewLineHandling.Entitize };

    private readonly MemoryStream _body = new();
    private readonly KeyValuePair<string, string>[] _parameters;

    public UpdateCommand(UpdateFamily<T> family, Bulk<T> bulk, SolrVisibility visibility)
    {
        _parameters = Parameters(family.Chain, visibility);
        using (var xml = XmlWriter.Create(_body, Settings))
        {
            var sink = new XmlUpdateSink(xml);
            xml.WriteStartElement("add");
            for (var i = 0; i < bulk.Count; i++)
            {
                sink.Write(family, bulk[i]);
            }

            xml.WriteEndElement();
        }

        _body.Position = 0;
    }

    /// <summary>The body's length, bytes.</summary>
    public long Length => _body.Length;

    public string Execute(ISolrConnection connection) => connection.PostStream("/update", ContentType, _body, _parameters);

    public Task<string> ExecuteAsync(ISolrConnection connection) => connection.PostStreamAsync("/update", ContentType, _body, _parameters);

    private static KeyValuePair<string, string>[] Parameters(string chain, SolrVisibility visibility)
    {
        // SolrNet adds wt=xml after these, and of a parameter given twice Solr takes the first.
        var parameters = new List<KeyValuePair<string, string>> { new("update.chain", chain), new("wt", "json") };
        if (visibility.Parameter is { } named)
        {
            var equals = named.IndexOf('=', StringComparison.Ordinal);
            parameters.Add(new(named[..equals], named[(equals + 1)..]));
        }

        return [.. parameters];
    }
}
