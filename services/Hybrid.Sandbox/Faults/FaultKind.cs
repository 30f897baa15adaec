namespace Hybrid.Sandbox.Faults;

/// <summary>What a fault does.</summary>
internal enum FaultKind
{
    Latency,
    Error,
    Drop,
    Stall,
    Down,
    ListingLag,
    Vanish,
    DiskFull,
}

internal static class FaultKinds
{
    /// <summary>As options and read-outs write it.</summary>
    public static string Name(this FaultKind kind) => kind switch
    {
        FaultKind.ListingLag => "listing-lag",
        FaultKind.DiskFull => "disk-full",
        _ => kind.ToString().ToLowerInvariant(),
    };

    /// <summary>Whether it befalls single requests at the service's entry.</summary>
    public static bool IsOfRequests(this FaultKind kind) => kind <= FaultKind.Stall;

    public static bool IsOfListings(this FaultKind kind) => kind is FaultKind.ListingLag or FaultKind.Vanish;
}
