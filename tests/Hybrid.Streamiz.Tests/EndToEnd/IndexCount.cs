using Hybrid.Pipeline.Solr;

namespace Hybrid.Streamiz.Tests.EndToEnd;

internal static class IndexCount
{
    /// <summary>Documents that the index shows, tombstones too; 0 while the lane has yet to make the collection.</summary>
    public static async Task<long> CountOrNoneAsync(this SolrReader index)
    {
        try
        {
            return await index.CountAsync(tombstones: true, CancellationToken.None);
        }
        catch (SolrException)
        {
            return 0;
        }
    }
}
