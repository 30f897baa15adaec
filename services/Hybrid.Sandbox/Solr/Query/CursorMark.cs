using Hybrid.Sandbox.Solr.Schema;

namespace Hybrid.Sandbox.Solr.Query;

/// <summary>Where a page ended: the sort values of its last hit. Opaque to clients, as Solr's is.</summary>
internal static class CursorMark
{
    /// <summary>The mark of the first page.</summary>
    public const string Start = "*";

    public static string Encode(SortOrder order, IReadOnlyList<byte[]?> values)
    {
        using var output = new ByteBuffer(256);
        output.Write((byte)order.Clauses.Count);
        foreach (var value in values)
        {
            output.WriteVarint(value is null ? 0 : (uint)value.Length + 1);
            output.Write(value);
        }

        return Convert.ToBase64String(output.Written);
    }

    /// <exception cref="SolrException">400: it is not a mark of that sort.</exception>
    public static IReadOnlyList<byte[]?> Decode(string mark, SortOrder order)
    {
        try
        {
            ReadOnlySpan<byte> bytes = Convert.FromBase64String(mark);
            var values = new byte[]?[order.Clauses.Count];
            if (bytes[0] != values.Length)
            {
                throw Malformed(mark);
            }

            var position = 1;
            for (var index = 0; index < values.Length; index++)
            {
                var length = (int)StoredValue.ReadVarint(bytes, ref position) - 1;
                if (length >= 0)
                {
                    values[index] = bytes.Slice(position, length).ToArray();
                    position += length;
                    Check(order.Clauses[index].Field, values[index]!, mark);
                }
            }

            return values;
        }
        catch (Exception exception) when (exception is FormatException or ArgumentException or IndexOutOfRangeException)
        {
            throw Malformed(mark);
        }
    }

    private static void Check(SchemaField field, byte[] value, string mark)
    {
        var isSound = field.IsText || value.Length == (field.Kind == FieldKind.Boolean ? 1 : StoredValue.FixedSize);
        if (!isSound)
        {
            throw Malformed(mark);
        }
    }

    private static SolrException Malformed(string mark) => SolrException.BadRequest(
        "Unable to parse 'cursorMark' after totem: value must either be '*' or the "
        + $"'nextCursorMark' returned by a previous search: {mark}");
}
