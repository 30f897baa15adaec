namespace Hybrid.Sandbox.Solr.Query;

/// <summary><c>{!type key=value key='value'}rest</c>.</summary>
internal sealed class LocalParameters
{
    private static readonly HashSet<string> OfQueries = ["f", "v", "df", "q.op", "separator", "cache", "cost", "method", "tag", "key"];

    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);
    private readonly HashSet<string> _known;

    private LocalParameters(HashSet<string> known) => _known = known;

    /// <summary>The query parser asked for.</summary>
    public string Type { get; private set; } = "lucene";

    /// <summary>The query: what follows, or the parameter <c>v</c>.</summary>
    public string Value { get; private set; } = string.Empty;

    /// <summary>The parameters given and what they are.</summary>
    public IReadOnlyDictionary<string, string> Values => _values;

    /// <summary>Reads a query's.</summary>
    /// <exception cref="SolrException">400: they cannot be parsed, or there is one that is not known.</exception>
    public static LocalParameters Parse(string text) => Parse(text, OfQueries);

    /// <summary>Reads those of a field (<c>{!key=k}field</c>), of which there may be none.</summary>
    /// <inheritdoc cref="Parse(string)"/>
    public static LocalParameters ParseField(string text, HashSet<string> known) =>
        text.StartsWith("{!", StringComparison.Ordinal) ? Parse(text, known) : new LocalParameters(known) { Value = text };

    private static LocalParameters Parse(string text, HashSet<string> known)
    {
        var result = new LocalParameters(known);
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
        else if (_known.Contains(name))
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
