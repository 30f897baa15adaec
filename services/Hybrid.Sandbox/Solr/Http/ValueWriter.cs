using Hybrid.Sandbox.Solr.Schema;

namespace Hybrid.Sandbox.Solr.Http;

/// <summary>Writes a stored value as its field's type shows it.</summary>
internal static class ValueWriter
{
    public static void Write(IResponseWriter writer, string? name, FieldKind kind, ReadOnlySpan<byte> value)
    {
        switch (kind)
        {
            case FieldKind.Long:
                writer.Int64(name, StoredValue.AsLong(value));
                break;
            case FieldKind.Double:
                writer.Double(name, StoredValue.AsDouble(value));
                break;
            case FieldKind.Date:
                writer.Date(name, StoredValue.AsLong(value));
                break;
            case FieldKind.Boolean:
                writer.Boolean(name, StoredValue.AsBoolean(value));
                break;
            default:
                writer.String(name, value);
                break;
        }
    }
}
