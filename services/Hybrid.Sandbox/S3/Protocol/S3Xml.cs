using System.Globalization;
using System.Text;
using System.Xml;
using Hybrid.Sandbox.S3.Payload;

namespace Hybrid.Sandbox.S3.Protocol;

/// <summary>Writes S3's XML documents.</summary>
internal static class S3Xml
{
    private const string Namespace = "http://s3.amazonaws.com/doc/2006-03-01/";

    // S3 keys may hold characters that XML 1.0 does not allow; S3 sends them as character references all the same.
    private static readonly XmlWriterSettings Settings = new()
    {
        Encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
        CheckCharacters = false,
        CloseOutput = false,
    };

    public static byte[] Document(string root, Action<XmlWriter> content, bool qualified = true)
    {
        using var buffer = new MemoryStream();
        using (var writer = XmlWriter.Create(buffer, Settings))
        {
            writer.WriteStartElement(root, qualified ? Namespace : string.Empty);
            content(writer);
            writer.WriteEndElement();
        }

        return buffer.ToArray();
    }

    public static void Element(this XmlWriter writer, string name, string value)
    {
        writer.WriteStartElement(name);
        writer.WriteString(value);
        writer.WriteEndElement();
    }

    public static void Element(this XmlWriter writer, string name, long value) =>
        writer.Element(name, value.ToString(CultureInfo.InvariantCulture));

    public static void Element(this XmlWriter writer, string name, bool value) => writer.Element(name, value ? "true" : "false");

    public static void Element(this XmlWriter writer, string name, DateTimeOffset value) =>
        writer.Element(name, value.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));

    public static void Element(this XmlWriter writer, string name, Action<XmlWriter> content)
    {
        writer.WriteStartElement(name);
        content(writer);
        writer.WriteEndElement();
    }

    /// <summary>Checksums by header name, each as an element of its own.</summary>
    public static void Checksums(this XmlWriter writer, IReadOnlyDictionary<string, string> checksums)
    {
        foreach (var (header, value) in checksums)
        {
            writer.Element(Checksum.ElementOf(header), value);
        }
    }

    /// <summary>The owner that every bucket and object here has.</summary>
    public static void Owner(this XmlWriter writer, string element = "Owner") => writer.Element(element, static owner =>
    {
        owner.Element("ID", "sandbox");
        owner.Element("DisplayName", "sandbox");
    });
}
