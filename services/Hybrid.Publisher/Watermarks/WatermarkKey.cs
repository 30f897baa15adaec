using System.Globalization;
using Hybrid.Pipeline.Planning;
using Hybrid.Pipeline.Progress;
using Hybrid.Publisher.Progress;
using Hybrid.Publisher.Sharding;

namespace Hybrid.Publisher.Watermarks;

/// <summary>A key of the watermarks topic taken apart: whose watermark it is, and who may write it.</summary>
/// <param name="Name">The source, or its backfill.</param>
/// <param name="Shard">The shard.</param>
internal readonly record struct WatermarkKey(string Name, Shard Shard)
{
    public string Key => ProgressKey.Of(Name, Shard.Index, Shard.Count);

    /// <summary>The transactional id of the publisher that writes it.</summary>
    public string TransactionalId =>
        Shard.IsWhole ? $"hybrid-publisher-{Name}" : string.Create(CultureInfo.InvariantCulture, $"hybrid-publisher-{Name}-{Shard.Index}-of-{Shard.Count}");

    /// <summary>Takes a key apart.</summary>
    public static WatermarkKey Parse(string key)
    {
        var sign = key.LastIndexOf('#');
        return sign > 0 && TryParseShard(key[(sign + 1)..], out var shard) ? new WatermarkKey(key[..sign], shard) : new WatermarkKey(key, Shard.Whole);
    }

    private static bool TryParseShard(string text, out Shard shard)
    {
        shard = default;
        if (text.Split('/') is not [var index, var count]
            || !int.TryParse(index, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            || !int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out var all))
        {
            return false;
        }

        shard = new Shard(number, all);
        return number < all;
    }
}
