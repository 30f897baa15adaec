using System.Text.Json;
using Hybrid.Pipeline.Http;

namespace Hybrid.Comparison.Observer;

/// <summary>Asks Solr's metrics how often it committed in a collection, of itself or asked to.</summary>
internal static class SolrCommits
{
    private const string Metric = "UPDATE.updateHandler.commits";
    private const string Registry = "solr.core.";

    /// <summary>Commits since the collection's cores were made.</summary>
    /// <param name="solrUrl">Solr's base address.</param>
    /// <param name="collection">The collection.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Null when Solr does not say.</returns>
    public static async Task<long?> CountAsync(string solrUrl, string collection, CancellationToken cancellationToken)
    {
        try
        {
            using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
            var address = new Uri($"{solrUrl.TrimEnd('/')}/admin/metrics?group=core&prefix={Metric}&wt=json");
            return Read(await client.GetByteArrayAsync(address, cancellationToken).ConfigureAwait(false), collection);
        }
        catch (Exception failure) when (BrokenConnection.Is(failure) || failure is JsonException or UriFormatException
            || (failure is TaskCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return null;
        }
    }

    /// <summary>Adds up what the answer says of a collection's cores: <c>solr.core.NAME</c>, and in a cloud <c>solr.core.NAME.shard1.replica_n1</c>.</summary>
    internal static long? Read(ReadOnlySpan<byte> answer, string collection)
    {
        var reader = new Utf8JsonReader(answer);
        using var json = JsonDocument.ParseValue(ref reader);
        if (!json.RootElement.TryGetProperty("metrics", out var metrics) || metrics.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        long? sum = null;
        foreach (var registry in metrics.EnumerateObject())
        {
            if ((registry.Name == Registry + collection || registry.Name.StartsWith($"{Registry}{collection}.", StringComparison.Ordinal))
                && registry.Value.ValueKind == JsonValueKind.Object
                && registry.Value.TryGetProperty(Metric, out var metric))
            {
                var count = metric.ValueKind == JsonValueKind.Object && metric.TryGetProperty("count", out var inner) ? inner : metric;
                sum = (sum ?? 0) + (count.ValueKind == JsonValueKind.Number ? count.GetInt64() : 0);
            }
        }

        return sum;
    }
}
