using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Hybrid.Contracts.Records;
using Hybrid.Contracts.Search;

namespace Hybrid.Pipeline.Solr.Json;

/// <summary>
/// Deltas as Solr's JSON atomic updates (Solr Reference Guide, "Partial Document Updates"): the version is a plain value, since the
/// version constraint looks at the update before it is merged; every other attribute is set, and null clears it. A tombstone keeps
/// where it came from, so that it can be purged by age.
/// </summary>
internal static class AttributesJson
{
    public static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    private static readonly JsonEncodedText Id = JsonEncodedText.Encode(SolrFields.Id);
    private static readonly JsonEncodedText Version = JsonEncodedText.Encode(SolrFields.AttributesVersion);
    private static readonly JsonEncodedText Title = JsonEncodedText.Encode(SolrFields.Title);
    private static readonly JsonEncodedText Category = JsonEncodedText.Encode(SolrFields.Category);
    private static readonly JsonEncodedText Price = JsonEncodedText.Encode(SolrFields.Price);
    private static readonly JsonEncodedText Quantity = JsonEncodedText.Encode(SolrFields.Quantity);
    private static readonly JsonEncodedText Campaign = JsonEncodedText.Encode(SolrFields.Campaign);
    private static readonly JsonEncodedText Partition = JsonEncodedText.Encode(SolrFields.Partition);
    private static readonly JsonEncodedText EventTime = JsonEncodedText.Encode(SolrFields.EventTime);
    private static readonly JsonEncodedText Deleted = JsonEncodedText.Encode(SolrFields.Deleted);
    private static readonly JsonEncodedText Set = JsonEncodedText.Encode("set");

    /// <summary>Tells why a delta cannot be written as a document; null when it can.</summary>
    public static string? Unwritable(CatalogDelta delta)
    {
        if (delta.Kind is not (DeltaKind.Upsert or DeltaKind.Delete))
        {
            return $"a delta of kind {delta.Kind} carries no attributes";
        }

        if (delta.Kind == DeltaKind.Upsert && delta.Price is { } price && !double.IsFinite(price))
        {
            return string.Create(CultureInfo.InvariantCulture, $"the price is {price}, which is not a number");
        }

        return delta.EventTimeMilliseconds is < -62135596800000 or > 253402300799999
            ? $"the event time {delta.EventTimeMilliseconds} ms is outside the years 1 to 9999"
            : null;
    }

    public static void Write(Utf8JsonWriter json, CatalogDelta delta)
    {
        var upsert = delta.Kind == DeltaKind.Upsert;
        json.WriteStartObject();
        json.WriteString(Id, delta.DocumentId);
        json.WriteNumber(Version, delta.Version);
        WriteText(json, Title, upsert ? delta.Title : null);
        WriteText(json, Category, upsert ? delta.Category : null);
        Begin(json, Price);
        if (upsert && delta.Price is { } price)
        {
            json.WriteNumber(Set, price);
        }
        else
        {
            json.WriteNull(Set);
        }

        json.WriteEndObject();
        Begin(json, Quantity);
        if (upsert && delta.Quantity is { } quantity)
        {
            json.WriteNumber(Set, quantity);
        }
        else
        {
            json.WriteNull(Set);
        }

        json.WriteEndObject();
        WriteText(json, Campaign, upsert ? delta.Campaign : null);
        Begin(json, Deleted);
        if (upsert)
        {
            json.WriteNull(Set);
        }
        else
        {
            json.WriteBoolean(Set, true);
        }

        json.WriteEndObject();
        WriteText(json, Partition, delta.Partition);
        WriteInstant(json, delta.EventTimeMilliseconds);
        json.WriteEndObject();
    }

    private static void WriteInstant(Utf8JsonWriter json, long milliseconds)
    {
        Span<char> text = stackalloc char[24];
        DateTimeOffset.FromUnixTimeMilliseconds(milliseconds)
            .TryFormat(text, out var length, "yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        Begin(json, EventTime);
        json.WriteString(Set, text[..length]);
        json.WriteEndObject();
    }

    private static void WriteText(Utf8JsonWriter json, JsonEncodedText field, string? value)
    {
        Begin(json, field);
        json.WriteString(Set, value);
        json.WriteEndObject();
    }

    private static void Begin(Utf8JsonWriter json, JsonEncodedText field)
    {
        json.WritePropertyName(field);
        json.WriteStartObject();
    }
}
