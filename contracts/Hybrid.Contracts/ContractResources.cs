namespace Hybrid.Contracts;

/// <summary>The contract files that travel inside the assembly.</summary>
public static class ContractResources
{
    /// <summary>The Avro schema of <see cref="Records.CatalogDelta"/>, JSON.</summary>
    public static string CatalogDeltaSchema => Read("avro/CatalogDelta.avsc");

    /// <summary>The Avro schema of the records in source objects, JSON: <see cref="Records.CatalogDelta"/> without version and partition.</summary>
    public static string SourceRecordSchema => Read("avro/SourceRecord.avsc");

    /// <summary>The JSON Schema (2020-12) of <c>report.json</c>.</summary>
    public static string ReportSchema => Read("report.schema.json");

    /// <summary>The names of all embedded files, such as <c>solr/hybrid/conf/solrconfig.xml</c>.</summary>
    public static IReadOnlyList<string> Names => typeof(ContractResources).Assembly.GetManifestResourceNames();

    /// <summary>Opens an embedded file.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static Stream Open(string name) =>
        typeof(ContractResources).Assembly.GetManifestResourceStream(name)
        ?? throw new FileNotFoundException($"no embedded file '{name}'", name);

    private static string Read(string name)
    {
        using var reader = new StreamReader(Open(name));
        return reader.ReadToEnd();
    }
}
