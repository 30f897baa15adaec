namespace Hybrid.Pipeline.Planning;

/// <summary>How a partition is known to be done.</summary>
public enum CompletionMode
{
    /// <summary>By the clock, a settle delay after its end. Never stalls and needs no marker; what lands later is published as late.</summary>
    Rate,

    /// <summary>By a marker object. Nothing is late that the marker covers; a marker that is missing or hidden stalls all that follows.</summary>
    Marker,

    /// <summary>By stillness over several listings. Needs no marker; costs the time of those listings, and a pause of the writer ends it too soon.</summary>
    Quiet,
}
