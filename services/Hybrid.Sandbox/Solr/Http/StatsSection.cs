using Hybrid.Sandbox.Solr.Index;
using Hybrid.Sandbox.Solr.Query;
using Hybrid.Sandbox.Solr.Query.Stats;
using Hybrid.Sandbox.Solr.Schema;

namespace Hybrid.Sandbox.Solr.Http;

/// <summary><c>stats=true</c>: which statistics a request asks for, and <c>stats</c>.</summary>
internal sealed class StatsSection
{
    private static readonly Dictionary<string, StatsSelection> ByName = new(StringComparer.Ordinal)
    {
        ["min"] = StatsSelection.Min,
        ["max"] = StatsSelection.Max,
        ["count"] = StatsSelection.Count,
        ["missing"] = StatsSelection.Missing,
        ["sum"] = StatsSelection.Sum,
        ["sumOfSquares"] = StatsSelection.SumOfSquares,
        ["mean"] = StatsSelection.Mean,
        ["stddev"] = StatsSelection.StdDev,
        ["distinctValues"] = StatsSelection.DistinctValues,
        ["countDistinct"] = StatsSelection.CountDistinct,
    };

    private static readonly HashSet<string> Local = [.. ByName.Keys, "key", "tag"];

    private readonly List<FieldStats> _fields;

    private StatsSection(List<FieldStats> fields) => _fields = fields;

    public IEnumerable<IHitCollector> Collectors => _fields;

    /// <summary>Null when no statistics are asked for.</summary>
    /// <exception cref="SolrException">400: a field has none.</exception>
    public static StatsSection? Of(SolrParameters parameters, SolrCore core) => parameters.GetBoolean("stats")
        ? new StatsSection(parameters.GetAll("stats.field").Select(field => Field(field, parameters, core)).ToList())
        : null;

    public void Write(IResponseWriter writer)
    {
        writer.BeginObject("stats");
        writer.BeginObject("stats_fields");
        foreach (var stats in _fields)
        {
            writer.BeginObject(stats.Key);
            Write(writer, stats);
            writer.EndObject();
        }

        writer.EndObject();
        writer.EndObject();
    }

    private static FieldStats Field(string text, SolrParameters parameters, SolrCore core)
    {
        var local = LocalParameters.ParseField(text, Local);
        var name = local.Value;
        var field = core.Schema.Find(name) ?? throw SolrException.BadRequest($"undefined field: \"{name}\"");
        var selection = StatsSelection.None;
        foreach (var (statistic, wanted) in local.Values)
        {
            selection |= ByName.TryGetValue(statistic, out var flag) && SolrParameters.ParseBoolean(wanted) == true ? flag : StatsSelection.None;
        }

        selection = selection == StatsSelection.None ? StatsSelection.Default : selection;
        var distinct = SolrParameters.ParseBoolean(parameters.Get(name, "stats.calcdistinct")) ?? false;
        return new FieldStats(local.Get("key") ?? name, core.Schema, field, distinct ? selection | StatsSelection.Distinct : selection);
    }

    private static void Write(IResponseWriter writer, FieldStats stats)
    {
        bool Wants(StatsSelection statistic) => (stats.Selection & statistic) != 0;
        if (Wants(StatsSelection.Min))
        {
            WriteExtreme(writer, "min", stats, stats.Min);
        }

        if (Wants(StatsSelection.Max))
        {
            WriteExtreme(writer, "max", stats, stats.Max);
        }

        if (Wants(StatsSelection.Count))
        {
            writer.Int64("count", stats.Count);
        }

        if (Wants(StatsSelection.Missing))
        {
            writer.Int64("missing", stats.Missing);
        }

        if (Wants(StatsSelection.DistinctValues))
        {
            writer.BeginArray("distinctValues");
            foreach (var value in stats.Distinct)
            {
                ValueWriter.Write(writer, null, stats.Field.Kind, value);
            }

            writer.EndArray();
        }

        if (Wants(StatsSelection.CountDistinct))
        {
            writer.Int64("countDistinct", stats.Distinct.Count);
        }

        if (stats.Field.IsNumeric)
        {
            WriteNumeric(writer, stats, Wants);
        }
    }

    private static void WriteNumeric(IResponseWriter writer, FieldStats stats, Func<StatsSelection, bool> wants)
    {
        var isDate = stats.Field.Kind == FieldKind.Date;
        if (wants(StatsSelection.Sum))
        {
            writer.Double("sum", stats.Sum);
        }

        if (isDate && wants(StatsSelection.Mean))
        {
            WriteMean(writer, stats);
        }

        if (wants(StatsSelection.SumOfSquares))
        {
            writer.Double("sumOfSquares", stats.SumOfSquares);
        }

        if (!isDate && wants(StatsSelection.Mean))
        {
            writer.Double("mean", stats.Sum / stats.Count);
        }

        if (wants(StatsSelection.StdDev))
        {
            writer.Double("stddev", stats.StdDev);
        }
    }

    private static void WriteMean(IResponseWriter writer, FieldStats dates)
    {
        if (dates.Count == 0)
        {
            writer.Null("mean");
        }
        else
        {
            writer.Date("mean", (long)(dates.Sum / dates.Count));
        }
    }

    private static void WriteExtreme(IResponseWriter writer, string name, FieldStats stats, byte[]? value)
    {
        if (value is null)
        {
            writer.Null(name);
        }
        else if (stats.Field.Kind == FieldKind.Long)
        {
            writer.Double(name, StoredValue.AsLong(value));
        }
        else
        {
            ValueWriter.Write(writer, name, stats.Field.Kind, value);
        }
    }
}
