using Hybrid.Sandbox.Solr.Schema;

namespace Hybrid.Sandbox.Solr.Query;

/// <summary><c>field:[low TO high]</c>, either end open or exclusive; the ends are given as stored.</summary>
internal sealed class RangeMatcher(CoreSchema schema, SchemaField field, byte[]? low, bool includesLow, byte[]? high, bool includesHigh)
    : FieldMatcher(schema, field)
{
    public override bool ScoresOne => true;

    protected override bool Test(ReadOnlySpan<byte> value)
    {
        if (low is not null)
        {
            var order = StoredOrder.Compare(Field.Kind, value, low);
            if (order < 0 || (order == 0 && !includesLow))
            {
                return false;
            }
        }

        if (high is not null)
        {
            var order = StoredOrder.Compare(Field.Kind, value, high);
            if (order > 0 || (order == 0 && !includesHigh))
            {
                return false;
            }
        }

        return true;
    }
}
