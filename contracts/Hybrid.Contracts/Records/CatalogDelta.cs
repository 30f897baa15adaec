namespace Hybrid.Contracts.Records;

/// <summary>One change to one document: the value of a record in the deltas topic. Its schema is <c>avro/CatalogDelta.avsc</c>.</summary>
public sealed record CatalogDelta
{
    /// <summary>The id of the document in the index, and the Kafka key. Never empty.</summary>
    public required string DocumentId { get; init; }

    /// <summary>What the delta does.</summary>
    public required DeltaKind Kind { get; init; }

    /// <summary>Orders all deltas of one document totally; see <see cref="DeltaVersion"/>.</summary>
    public required long Version { get; init; }

    /// <summary>When it happened at the source, in milliseconds since 1970-01-01T00:00:00Z (Avro <c>timestamp-millis</c>).</summary>
    public required long EventTimeMilliseconds { get; init; }

    /// <summary>The source partition's name, such as <c>2011-12-01T08:05Z</c>.</summary>
    public required string Partition { get; init; }

    /// <summary>The title; null when not given.</summary>
    public string? Title { get; init; }

    /// <summary>The category; null when not given.</summary>
    public string? Category { get; init; }

    /// <summary>The price of one unit in the source's currency; null when not given.</summary>
    public double? Price { get; init; }

    /// <summary>Units: in stock or last sold (upsert), moved by the event (signal, negative for a cancellation); null when not given.</summary>
    public long? Quantity { get; init; }

    /// <summary>The campaign; null when not given.</summary>
    public string? Campaign { get; init; }

    /// <summary>The other documents of the same basket (signal); empty otherwise.</summary>
    public string[] Related { get; init; } = [];
}
