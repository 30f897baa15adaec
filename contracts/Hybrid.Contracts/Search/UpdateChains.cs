namespace Hybrid.Contracts.Search;

/// <summary>The update chains of the configset: one a family of fields, each tolerant and guarded by that family's version.</summary>
public static class UpdateChains
{
    /// <summary>Guarded by <see cref="SolrFields.AttributesVersion"/>.</summary>
    public const string Attributes = "attributes";

    /// <summary>Guarded by <see cref="SolrFields.SignalsVersion"/>.</summary>
    public const string Signals = "signals";

    /// <summary>The configset's name.</summary>
    public const string Configset = "hybrid";

    /// <summary>The search handler that also shows tombstones.</summary>
    public const string SelectAllHandler = "/select-all";
}
