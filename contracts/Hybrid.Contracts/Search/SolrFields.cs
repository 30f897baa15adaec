namespace Hybrid.Contracts.Search;

/// <summary>The fields of the configset under <c>contracts/solr/hybrid/conf</c>.</summary>
public static class SolrFields
{
    /// <summary>The document's id, the unique key.</summary>
    public const string Id = "id";

    /// <summary>Title, analysed text.</summary>
    public const string Title = "title_t";

    /// <summary>Category.</summary>
    public const string Category = "category_s";

    /// <summary>Price, double.</summary>
    public const string Price = "price_d";

    /// <summary>Quantity, long.</summary>
    public const string Quantity = "quantity_l";

    /// <summary>Campaign.</summary>
    public const string Campaign = "campaign_s";

    /// <summary>The partition that the winning delta came from.</summary>
    public const string Partition = "partition_s";

    /// <summary>The winning delta's event time, an ISO 8601 instant in UTC.</summary>
    public const string EventTime = "event_time_dt";

    /// <summary>The version of the attributes: the winning delta's.</summary>
    public const string AttributesVersion = "attributes_version_l";

    /// <summary>The version of the signals: watermark and sequence.</summary>
    public const string SignalsVersion = "signals_version_l";

    /// <summary>Units moved within the window, long.</summary>
    public const string SignalUnits = "signal_units_l";

    /// <summary>Lines within the window, long.</summary>
    public const string SignalLines = "signal_lines_l";

    /// <summary>Revenue within the window, double, in the source's currency.</summary>
    public const string SignalRevenue = "signal_revenue_d";

    /// <summary>The documents most often in the same basket within the window, the most frequent first; multi-valued.</summary>
    public const string SignalRelated = "signal_related_ss";

    /// <summary>True on a tombstone.</summary>
    public const string Deleted = "deleted_b";
}
