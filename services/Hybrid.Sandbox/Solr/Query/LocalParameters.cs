namespace Hybrid.Sandbox.Solr.Query;

/// <summary><c>{!type key=value key='value'}rest</c>.</summary>
internal sealed class LocalParameters
{
    private static readonly HashSet<string> Known = ["f", "v", "df", "q.op", "separator", "cache", "cost", "method"];

    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);

    private LocalParameters()
    {
    }

    /// <summary>The query parser asked for.</summary>
    public string Type { get; private set; } = "lucene";

    /// <summary>The query: what follows, or the parameter <c>v</c>.</summary>
    public string Value { get; private set; } = string.Empty;

    public static LocalParameters Parse(string text)
    {
        var result = new LocalParameters();
        var position = 2;
        while (true)
        {
            SkipSpaces(text, ref position);
            if (position >= text.Length)
            {
                throw Malformed(text);
            }

            if (text[position] == '}')
            {
                break;
            }

            var start = position;
            while (position < text.Length && text[position] is not ('=' or '}' or ' '))
            {
                position++;
            }

            var name = text[start..position];
            if (position < text.Length && text[position] == '=')
            {
                position++;
                result.Add(name, ReadValue(text, ref position));
            }
            else
            {
                result.Type = name;
            }
        }

        result.Value = result.Get("v") ?? text[(position + 1)..];
        return result;
    }

    public string? Get(string name) => _values.GetValueOrDefault(name);

    public string Require(string name) =>
        Get(name) ?? throw SolrException.BadRequest($"Missing '{name}' in the local params of '{Type}'");

    private void Add(string name, string value)
    {
        if (name == "type")
        {
            Type = value;
        }
        else if (Known.Contains(name))
        {
            _values[name] = value;
        }
        else
        {
            throw SolrException.Unsupported($"the local parameter '{name}'");
        }
    }

    private static string ReadValue(string text, ref int position)
    {
        if (position < text.Length && text[position] is '\'' or '"')
        {
            var quote = text[position];
            var end = text.IndexOf(quote, position + 1);
            if (end < 0)
            {
                throw Malformed(text);
            }

            var quoted = text[(position + 1)..end];
            position = end + 1;
            return quoted;
        }

        if (position < text.Length && text[position] == '$')
        {
            throw SolrException.Unsupported("a parameter reference ($) in local params");
        }

        var start = position;
        while (position < text.Length && text[position] is not ('}' or ' '))
        {
            position++;
        }

        return text[start..position];
    }

    private static void SkipSpaces(string text, ref int position)
    {
        while (position < text.Length && text[position] == ' ')
        {
            position++;
        }
    }

    private static SolrException Malformed(string text) =>
        SolrException.BadRequest($"org.apache.solr.search.SyntaxError: Cannot parse the local params of '{text}'");
}
