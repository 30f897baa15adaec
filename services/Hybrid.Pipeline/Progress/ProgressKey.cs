using System.Globalization;

namespace Hybrid.Pipeline.Progress;

/// <summary>
/// The keys of progress records: <c>catalog</c> for a source that is not shared, <c>catalog#2/4</c> for a shard of it, and the same behind
/// <c>catalog@20111201T080000Z</c> for a backfill from that time.
/// </summary>
public static class ProgressKey
{
    private const char ShardSign = '#';
    private const char BackfillSign = '@';

    /// <summary>The key of a source or of one of its shards.</summary>
    /// <param name="source">The source's name, or <see cref="Backfill"/>.</param>
    /// <param name="shard">The shard, from 0.</param>
    /// <param name="shards">How many there are, from 1.</param>
    public static string Of(string source, int shard = 0, int shards = 1) =>
        shards == 1 ? source : string.Create(CultureInfo.InvariantCulture, $"{source}{ShardSign}{shard}/{shards}");

    /// <summary>The name under which a backfill keeps its progress.</summary>
    /// <param name="source">The source's name.</param>
    /// <param name="from">The first partition's start, event time.</param>
    public static string Backfill(string source, DateTimeOffset from) =>
        string.Create(CultureInfo.InvariantCulture, $"{source}{BackfillSign}{from.UtcDateTime:yyyyMMdd'T'HHmmss'Z'}");

    /// <summary>Whether a key is that of a source or of one of its shards.</summary>
    /// <param name="key">The key.</param>
    /// <param name="source">The source's name.</param>
    public static bool IsOf(string key, string source)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(source);
        return key.StartsWith(source, StringComparison.Ordinal) && (key.Length == source.Length || key[source.Length] == ShardSign);
    }

    /// <summary>Whether a name can be a source's: it holds none of the signs that keys are made of.</summary>
    /// <param name="source">The name.</param>
    public static bool IsName(string source) => source.AsSpan().IndexOfAny(ShardSign, BackfillSign) < 0;
}
