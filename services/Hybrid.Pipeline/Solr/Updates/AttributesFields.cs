using System.Globalization;
using Hybrid.Contracts.Records;
using Hybrid.Contracts.Search;

namespace Hybrid.Pipeline.Solr.Updates;

/// <summary>The fields of attributes, and what their values must be.</summary>
internal static class AttributesFields
{
    /// <summary>Characters of an instant.</summary>
    public const int InstantLength = 24;

    public static readonly UpdateField Version = new(SolrFields.AttributesVersion);
    public static readonly UpdateField Title = new(SolrFields.Title);
    public static readonly UpdateField Category = new(SolrFields.Category);
    public static readonly UpdateField Price = new(SolrFields.Price);
    public static readonly UpdateField Quantity = new(SolrFields.Quantity);
    public static readonly UpdateField Campaign = new(SolrFields.Campaign);
    public static readonly UpdateField Deleted = new(SolrFields.Deleted);
    public static readonly UpdateField Partition = new(SolrFields.Partition);
    public static readonly UpdateField EventTime = new(SolrFields.EventTime);

    /// <summary>Tells why a delta cannot be written; null when it can.</summary>
    public static string? Unwritable(DeltaKind kind, double? price, long eventTimeMilliseconds)
    {
        if (kind is not (DeltaKind.Upsert or DeltaKind.Delete))
        {
            return $"a delta of kind {kind} carries no attributes";
        }

        if (kind == DeltaKind.Upsert && price is { } number && !double.IsFinite(number))
        {
            return string.Create(CultureInfo.InvariantCulture, $"the price is {number}, which is not a number");
        }

        return eventTimeMilliseconds is < -62135596800000 or > 253402300799999
            ? $"the event time {eventTimeMilliseconds} ms is outside the years 1 to 9999"
            : null;
    }

    /// <summary>Writes an event time as Solr's instant.</summary>
    /// <param name="milliseconds">Since 1970-01-01T00:00:00Z, within the years 1 to 9999.</param>
    /// <param name="text"><see cref="InstantLength"/> characters.</param>
    public static void Instant(long milliseconds, Span<char> text) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds)
        .TryFormat(text, out _, "yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
