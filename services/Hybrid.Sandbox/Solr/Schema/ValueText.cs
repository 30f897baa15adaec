using System.Globalization;
using System.Text;

namespace Hybrid.Sandbox.Solr.Schema;

/// <summary>A stored value as Solr prints it.</summary>
internal static class ValueText
{
    public static string Of(FieldKind kind, ReadOnlySpan<byte> value) => kind switch
    {
        FieldKind.Long => StoredValue.AsLong(value).ToString(CultureInfo.InvariantCulture),
        FieldKind.Double => JavaNumbers.Format(StoredValue.AsDouble(value)),
        FieldKind.Date => SolrDates.Format(StoredValue.AsLong(value)),
        FieldKind.Boolean => StoredValue.AsBoolean(value) ? "true" : "false",
        _ => Encoding.UTF8.GetString(value),
    };
}
