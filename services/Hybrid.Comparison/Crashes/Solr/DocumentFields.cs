using System.Globalization;
using System.Text.Json.Nodes;

namespace Hybrid.Comparison.Crashes.Solr;

/// <summary>A document's fields: all but the counter follow from its revision, so that a mixture of two is seen.</summary>
internal static class DocumentFields
{
    /// <summary>What reads ask for.</summary>
    public const string List = "id,_version_,title_t,category_s,quantity_l,price_d,attributes_version_l,signal_lines_l";

    /// <summary>The document written whole.</summary>
    public static JsonObject Whole(string id, long revision)
    {
        var document = new JsonObject { ["id"] = id };
        foreach (var (name, value) in Of(revision))
        {
            document[name] = value;
        }

        document["signal_lines_l"] = 0;
        return document;
    }

    /// <summary>An atomic update that sets every field and increments the counter.</summary>
    public static JsonObject Atomic(string id, long revision)
    {
        var document = new JsonObject { ["id"] = id };
        foreach (var (name, value) in Of(revision))
        {
            // The version that an update chain looks at is a plain value there.
            document[name] = name == "attributes_version_l" ? value : new JsonObject { ["set"] = value };
        }

        document["signal_lines_l"] = new JsonObject { ["inc"] = 1 };
        return document;
    }

    /// <summary>Reads a document.</summary>
    /// <returns>Its state, or null when its fields are not of one revision.</returns>
    public static DocumentState? Read(JsonObject document)
    {
        var revision = (long?)document["quantity_l"] ?? -1;
        return Of(revision).All(field => JsonNode.DeepEquals(document[field.Name], field.Value))
            ? new DocumentState(revision, (long?)document["signal_lines_l"] ?? -1)
            : null;
    }

    private static IEnumerable<(string Name, JsonNode Value)> Of(long revision) =>
    [
        ("title_t", string.Create(CultureInfo.InvariantCulture, $"revision {revision} of many")),
        ("category_s", new string((char)('a' + (revision % 26)), (int)(revision % 97) + 1)),
        ("quantity_l", revision),
        ("price_d", revision + 0.5),
        ("attributes_version_l", revision),
    ];
}
