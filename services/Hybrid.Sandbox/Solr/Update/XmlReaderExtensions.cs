using System.Text;
using System.Xml;

namespace Hybrid.Sandbox.Solr.Update;

/// <summary>Reading the text of an element without stepping past its end.</summary>
internal static class XmlReaderExtensions
{
    /// <summary>Stands on an element that is not empty, and leaves on its end.</summary>
    /// <exception cref="SolrException">There is another element within.</exception>
    public static string ReadElementContentAsTextOnly(this XmlReader reader)
    {
        var name = reader.Name;
        string? first = null;
        StringBuilder? all = null;
        while (reader.Read() && reader.NodeType != XmlNodeType.EndElement)
        {
            switch (reader.NodeType)
            {
                case XmlNodeType.Element:
                    throw SolrException.BadRequest($"unexpected XML tag {name}/{reader.Name}");
                case XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.SignificantWhitespace or XmlNodeType.Whitespace when first is null:
                    first = reader.Value;
                    break;
                case XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.SignificantWhitespace or XmlNodeType.Whitespace:
                    (all ??= new StringBuilder(first)).Append(reader.Value);
                    break;
                default:
                    break;
            }
        }

        return all?.ToString() ?? first ?? string.Empty;
    }
}
