using Hybrid.Pipeline.Windows;

namespace Hybrid.Pipeline.Solr;

/// <summary>A document as the index holds it; null where a field is absent.</summary>
public sealed record IndexedDocument
{
    /// <summary>The id.</summary>
    public required string Id { get; init; }

    /// <summary>The version of the attributes; null when only signals were written.</summary>
    public long? AttributesVersion { get; init; }

    /// <summary>Whether it is a tombstone.</summary>
    public bool Deleted { get; init; }

    /// <summary>The title.</summary>
    public string? Title { get; init; }

    /// <summary>The category.</summary>
    public string? Category { get; init; }

    /// <summary>The price.</summary>
    public double? Price { get; init; }

    /// <summary>The quantity.</summary>
    public long? Quantity { get; init; }

    /// <summary>The campaign.</summary>
    public string? Campaign { get; init; }

    /// <summary>The partition that the winning delta came from.</summary>
    public string? Partition { get; init; }

    /// <summary>The winning delta's event time, in milliseconds since 1970-01-01T00:00:00Z.</summary>
    public long? EventTimeMilliseconds { get; init; }

    /// <summary>What happened to it within the window; null when no signals were written.</summary>
    public DocumentSignals? Signals { get; init; }
}
