namespace Hybrid.Pipeline.Planning;

/// <summary>The part of a source that one publisher publishes: the objects whose keys hash to it.</summary>
/// <param name="Index">Which, from 0.</param>
/// <param name="Count">Of how many.</param>
internal readonly record struct Shard(int Index, int Count)
{
    /// <summary>The only shard of a source that is not shared.</summary>
    public static readonly Shard Whole = new(0, 1);

    public bool IsWhole => Count == 1;

    /// <summary>Whether an object is this shard's.</summary>
    public bool Owns(string key) => IsWhole || IndexOf(key, Count) == Index;

    /// <summary>Whose an object is: FNV-1a over the UTF-16 code units of its key, mixed, modulo the number of shards.</summary>
    /// <param name="key">The object's key.</param>
    /// <param name="count">How many shards there are.</param>
    public static int IndexOf(string key, int count)
    {
        var hash = 14695981039346656037ul;
        foreach (var unit in key)
        {
            hash = (hash ^ unit) * 1099511628211ul;
        }

        // The low bits of FNV-1a over keys that differ in one digit only are not spread well.
        hash ^= hash >> 32;
        return (int)(hash * 0x9E3779B97F4A7C15ul >> 33) % count;
    }

    public override string ToString() => $"{Index}/{Count}";
}
