using System.Globalization;
using System.Text;
using Hybrid.Sandbox.Solr.Schema;

namespace Hybrid.Sandbox.Solr.Http;

/// <summary><c>wt=xml</c>, byte for byte as Solr lays it out: a document ends in the line of its last field, empty elements are closed at once.</summary>
internal sealed class XmlResponseWriter(ByteBuffer output, bool indent) : IResponseWriter
{
    private readonly Stack<string> _elements = new();
    private bool _isOpen;

    public string ContentType => "application/xml; charset=UTF-8";

    public void BeginResponse() => Write("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<response>\n");

    public void EndResponse() => Write("\n</response>\n");

    public void BeginObject(string? name) => Begin("lst", name);

    public void EndObject() => End();

    public void BeginArray(string? name) => Begin("arr", name);

    public void EndArray() => End();

    public void BeginNamedList(string? name) => Begin("lst", name);

    public void EndNamedList() => End();

    public void BeginResult(string name, long numFound, int start, float? maxScore)
    {
        Begin("result", name);
        Attribute("numFound", numFound.ToString(CultureInfo.InvariantCulture));
        Attribute("start", start.ToString(CultureInfo.InvariantCulture));
        if (maxScore is { } score)
        {
            Attribute("maxScore", JavaNumbers.Format(score));
        }

        Attribute("numFoundExact", "true");
        CloseStartTag();
    }

    public void EndResult() => End();

    public void BeginDocument(string? name)
    {
        Begin("doc", name);
        CloseStartTag();
    }

    public void EndDocument()
    {
        _elements.Pop();
        Write("</doc>");
    }

    public void String(string? name, string value) => Leaf("str", name, value);

    public void String(string? name, ReadOnlySpan<byte> utf8) => Leaf("str", name, Encoding.UTF8.GetString(utf8));

    public void Int32(string? name, int value) => Leaf("int", name, value.ToString(CultureInfo.InvariantCulture));

    public void Int64(string? name, long value) => Leaf("long", name, value.ToString(CultureInfo.InvariantCulture));

    public void Float(string? name, float value) => Leaf("float", name, JavaNumbers.Format(value));

    public void Double(string? name, double value) => Leaf("double", name, JavaNumbers.Format(value));

    public void Boolean(string? name, bool value) => Leaf("bool", name, value ? "true" : "false");

    public void Date(string? name, long milliseconds) => Leaf("date", name, SolrDates.Format(milliseconds));

    public void Null(string? name) => Leaf("null", name, string.Empty);

    private void Leaf(string element, string? name, string value)
    {
        StartTag(element, name);
        if (value.Length == 0)
        {
            Write("/>");
            return;
        }

        Write(">");
        Escape(value, isAttribute: false);
        Write("</");
        Write(element);
        Write(">");
    }

    private void Begin(string element, string? name)
    {
        StartTag(element, name);
        _isOpen = true;
        _elements.Push(element);
    }

    private void End()
    {
        var element = _elements.Pop();
        if (_isOpen)
        {
            Write("/>");
            _isOpen = false;
            return;
        }

        NewLine();
        Write("</");
        Write(element);
        Write(">");
    }

    private void StartTag(string element, string? name)
    {
        CloseStartTag();
        NewLine();
        Write("<");
        Write(element);
        if (name is not null)
        {
            Attribute("name", name);
        }
    }

    private void CloseStartTag()
    {
        if (_isOpen)
        {
            Write(">");
            _isOpen = false;
        }
    }

    private void Attribute(string name, string value)
    {
        Write(" ");
        Write(name);
        Write("=\"");
        Escape(value, isAttribute: true);
        Write("\"");
    }

    private void NewLine()
    {
        if (!indent)
        {
            return;
        }

        Write("\n");
        for (var level = 0; level < _elements.Count; level++)
        {
            Write("  ");
        }
    }

    /// <summary>What XML cannot hold at all is written as Solr writes it, <c>#1;</c> for U+0001.</summary>
    private void Escape(string text, bool isAttribute)
    {
        var plain = 0;
        for (var index = 0; index < text.Length; index++)
        {
            var replacement = text[index] switch
            {
                '&' => "&amp;",
                '<' => "&lt;",
                '>' when !isAttribute => "&gt;",
                '"' when isAttribute => "&quot;",
                < ' ' and not ('\t' or '\n' or '\r') => string.Create(CultureInfo.InvariantCulture, $"#{(int)text[index]};"),
                _ => null,
            };
            if (replacement is not null)
            {
                Write(text.AsSpan(plain, index - plain));
                Write(replacement);
                plain = index + 1;
            }
        }

        Write(text.AsSpan(plain));
    }

    private void Write(ReadOnlySpan<char> text) =>
        output.Advance(Encoding.UTF8.GetBytes(text, output.GetSpan(Encoding.UTF8.GetMaxByteCount(text.Length))));
}
