using Hybrid.Sandbox.Solr.Index;
using Hybrid.Sandbox.Solr.Query;
using Hybrid.Sandbox.Solr.Query.Facets;

namespace Hybrid.Sandbox.Solr.Http;

/// <summary><c>facet=true</c>: which facets a request asks for, and <c>facet_counts</c>.</summary>
internal sealed class FacetSection
{
    private static readonly HashSet<string> Local = ["key", "tag"];

    private readonly List<QueryFacet> _queries;
    private readonly List<FieldFacet> _fields;

    private FacetSection(List<QueryFacet> queries, List<FieldFacet> fields)
    {
        _queries = queries;
        _fields = fields;
    }

    public IEnumerable<IHitCollector> Collectors => _queries.Cast<IHitCollector>().Concat(_fields);

    /// <summary>What the answer's header has to say.</summary>
    public IReadOnlyList<string> Warnings => _fields.Select(facet => facet.Warning).OfType<string>().ToList();

    /// <summary>Null when no facets are asked for.</summary>
    /// <exception cref="SolrException">400: a field or a query cannot be counted.</exception>
    public static FacetSection? Of(SolrParameters parameters, SolrCore core, Func<string, IMatcher> parse)
    {
        if (!parameters.GetBoolean("facet"))
        {
            return null;
        }

        return new FacetSection(
            parameters.GetAll("facet.query").Select(query => new QueryFacet(KeyOf(query), parse(query))).ToList(),
            parameters.GetAll("facet.field").Select(field => Field(field, parameters, core)).ToList());
    }

    public void Write(IResponseWriter writer)
    {
        writer.BeginObject("facet_counts");
        writer.BeginObject("facet_queries");
        _queries.ForEach(query => writer.Int32(query.Key, query.Count));
        writer.EndObject();
        writer.BeginObject("facet_fields");
        foreach (var field in _fields)
        {
            writer.BeginNamedList(field.Key);
            foreach (var (term, count) in field.Terms())
            {
                writer.Int32(term, count);
            }

            if (field.Missing is { } missing)
            {
                writer.Int32(null, missing);
            }

            writer.EndNamedList();
        }

        writer.EndObject();
        foreach (var empty in (string[])["facet_ranges", "facet_intervals", "facet_heatmaps"])
        {
            writer.BeginObject(empty);
            writer.EndObject();
        }

        writer.EndObject();
    }

    private static string KeyOf(string query) =>
        query.StartsWith("{!", StringComparison.Ordinal) ? LocalParameters.Parse(query).Get("key") ?? query : query;

    private static FieldFacet Field(string text, SolrParameters parameters, SolrCore core)
    {
        var local = LocalParameters.ParseField(text, Local);
        var name = local.Value;
        var field = core.Schema.Find(name) ?? throw SolrException.BadRequest($"undefined field: \"{name}\"");
        var limit = SolrParameters.ParseInt32(parameters.Get(name, "facet.limit")) ?? FacetOptions.DefaultLimit;
        var zeros = SolrParameters.ParseBoolean(parameters.Get(name, "facet.zeros")) ?? true;
        var options = new FacetOptions(
            limit,
            NonNegative(SolrParameters.ParseInt32(parameters.Get(name, "facet.offset")) ?? 0),
            SolrParameters.ParseInt32(parameters.Get(name, "facet.mincount")) ?? (zeros ? 0 : 1),
            IsByCount(parameters.Get(name, "facet.sort"), limit),
            SolrParameters.ParseBoolean(parameters.Get(name, "facet.missing")) ?? false,
            parameters.Get(name, "facet.prefix"),
            parameters.Get(name, "facet.contains"),
            SolrParameters.ParseBoolean(parameters.Get(name, "facet.contains.ignoreCase")) ?? false);
        return new FieldFacet(local.Get("key") ?? name, core.Schema, field, options);
    }

    private static bool IsByCount(string? sort, int limit) => sort switch
    {
        null => limit > 0,
        "count" or "true" => true,
        "index" or "false" or "lex" => false,
        _ => throw SolrException.Unsupported($"facet.sort={sort}"),
    };

    private static int NonNegative(int offset) => offset >= 0 ? offset : throw SolrException.BadRequest("'facet.offset' parameter cannot be negative");
}
