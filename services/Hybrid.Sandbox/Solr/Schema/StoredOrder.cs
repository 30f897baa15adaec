namespace Hybrid.Sandbox.Solr.Schema;

/// <summary>The order of stored values: numbers by size, strings by their bytes.</summary>
internal static class StoredOrder
{
    public static int Compare(FieldKind kind, ReadOnlySpan<byte> left, ReadOnlySpan<byte> right) => kind switch
    {
        FieldKind.Long or FieldKind.Date => StoredValue.AsLong(left).CompareTo(StoredValue.AsLong(right)),
        FieldKind.Double => StoredValue.AsDouble(left).CompareTo(StoredValue.AsDouble(right)),
        _ => left.SequenceCompareTo(right),
    };
}
