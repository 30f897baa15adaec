namespace Hybrid.Sandbox.S3.Storage;

/// <summary>What one page of a listing is asked for.</summary>
/// <param name="Prefix">Only keys that begin with it; may be empty.</param>
/// <param name="Delimiter">Keys that hold it after the prefix are rolled up to their common prefix; empty rolls up nothing.</param>
/// <param name="MaxKeys">The most objects and common prefixes together, 0 to 1000.</param>
/// <param name="After">Where the page begins; null is at the beginning.</param>
/// <param name="View">Makes of an object what is listed of it, or null for nothing; null lists objects as they are.</param>
internal sealed record ListQuery(
    string Prefix, string Delimiter, int MaxKeys, ListPosition? After, Func<StoredObject, StoredObject?>? View = null);

/// <summary>A place in a listing.</summary>
/// <param name="Value">A key, or a common prefix.</param>
/// <param name="PastPrefix">The listing goes on behind every key that begins with the value, not only behind the value itself.</param>
internal sealed record ListPosition(string Value, bool PastPrefix);

/// <summary>One page of a listing, in key order.</summary>
/// <param name="Objects">The objects.</param>
/// <param name="CommonPrefixes">The rolled-up prefixes.</param>
/// <param name="Next">Where the next page begins, or null when this was the last.</param>
internal sealed record ListPage(IReadOnlyList<StoredObject> Objects, IReadOnlyList<string> CommonPrefixes, ListPosition? Next);
