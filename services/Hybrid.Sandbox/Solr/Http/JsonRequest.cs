using System.Text.Json;
using Microsoft.Extensions.Primitives;

namespace Hybrid.Sandbox.Solr.Http;

/// <summary>A search as JSON: <c>{"query":…,"filter":[…],"fields":[…],"offset":0,"limit":10,"sort":…,"params":{…}}</c>.</summary>
internal sealed class JsonRequest
{
    private readonly List<JsonElement> _parts;

    private JsonRequest(List<JsonElement> parts) => _parts = parts;

    /// <summary>Reads one or several, of which each adds to those before.</summary>
    /// <exception cref="SolrException">400: one is no JSON object.</exception>
    public static JsonRequest Parse(IEnumerable<string> texts)
    {
        var parts = new List<JsonElement>();
        foreach (var text in texts.Where(text => !string.IsNullOrWhiteSpace(text)))
        {
            try
            {
                using var document = JsonDocument.Parse(text, new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip });
                parts.Add(document.RootElement.ValueKind == JsonValueKind.Object
                    ? document.RootElement.Clone()
                    : throw SolrException.BadRequest("Expected a JSON object as the search request", JavaClasses.JsonSyntax));
            }
            catch (JsonException exception)
            {
                throw SolrException.BadRequest($"Cannot parse the JSON search request: {exception.Message}", JavaClasses.JsonSyntax);
            }
        }

        return new JsonRequest(parts);
    }

    /// <summary>Adds what stands in <c>params</c>, where the address does not say otherwise.</summary>
    /// <exception cref="SolrException">400: a text is not valid.</exception>
    public void AddParams(SolrParameters parameters) => Guard(() =>
    {
        foreach (var member in Members().Where(member => member.Name == "params" && member.Value.ValueKind == JsonValueKind.Object))
        {
            foreach (var parameter in member.Value.EnumerateObject().Where(parameter => !parameters.Contains(parameter.Name)))
            {
                parameters.Set(parameter.Name, parameter.Value.ValueKind == JsonValueKind.Array
                    ? parameter.Value.EnumerateArray().Select(Text).ToArray()
                    : new StringValues(Text(parameter.Value)));
            }
        }
    });

    /// <summary>Translates the rest into parameters, which come before those of the address.</summary>
    /// <exception cref="SolrException">400: there is a member that is not known.</exception>
    public void Convert(SolrParameters parameters) => Guard(() =>
    {
        foreach (var (name, value) in Members())
        {
            switch (name)
            {
                case "query":
                    parameters.Set("q", Query(value));
                    break;
                case "filter":
                    AddAll(parameters, "fq", value, Query);
                    break;
                case "fields":
                    AddAll(parameters, "fl", value, Text);
                    break;
                case "offset":
                    parameters.Set("start", Text(value));
                    break;
                case "limit":
                    parameters.Set("rows", Text(value));
                    break;
                case "sort":
                    parameters.Set("sort", Text(value));
                    break;
                case "params":
                    break;
                case "facet" or "queries":
                    throw SolrException.Unsupported($"'{name}' in a JSON request");
                default:
                    throw SolrException.BadRequest($"Unknown top-level key in JSON request : {name}");
            }
        }
    });

    private static void Guard(Action read)
    {
        try
        {
            read();
        }
        catch (InvalidOperationException exception)
        {
            throw new SolrException(SolrError.BadRequest("a text in the JSON request is not valid Unicode", JavaClasses.JsonSyntax), exception);
        }
    }

    private IEnumerable<(string Name, JsonElement Value)> Members() =>
        _parts.SelectMany(part => part.EnumerateObject().Select(member => (member.Name, member.Value)));

    private static void AddAll(SolrParameters parameters, string name, JsonElement value, Func<JsonElement, string> text)
    {
        foreach (var item in value.ValueKind == JsonValueKind.Array ? value.EnumerateArray() : (IEnumerable<JsonElement>)[value])
        {
            parameters.Add(name, text(item));
        }
    }

    private static string Query(JsonElement value) => value.ValueKind == JsonValueKind.String
        ? value.GetString()!
        : throw SolrException.Unsupported("a query that is no string in a JSON request");

    private static string Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Object or JsonValueKind.Array => throw SolrException.Unsupported($"{value.GetRawText()} in a JSON request"),
        _ => value.GetRawText(),
    };
}
