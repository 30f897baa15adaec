using System.Buffers.Binary;
using Hybrid.Sandbox.Solr.Schema;

namespace Hybrid.Sandbox.Solr.Index;

/// <summary>
/// One version of a document, immutable. The body is <c>_version_</c> in eight bytes, then for each field that has a value its
/// ordinal and the <see cref="StoredValue"/>s, by ascending ordinal; the id and <c>_version_</c> are not among them.
/// </summary>
internal readonly record struct StoredDocument(byte[] Id, byte[] Body)
{
    public const int HeaderSize = sizeof(long);

    public long Version => VersionOf(Body);

    public static long VersionOf(ReadOnlySpan<byte> body) => BinaryPrimitives.ReadInt64LittleEndian(body);

    /// <summary>Finds the values of a field other than the id and <c>_version_</c>.</summary>
    /// <returns>False when it has none.</returns>
    public static bool TryFind(CoreSchema schema, ReadOnlySpan<byte> body, SchemaField field, out ReadOnlySpan<byte> values)
    {
        var position = HeaderSize;
        while (position < body.Length)
        {
            var ordinal = body[position++];
            var start = position;
            StoredValue.Skip(schema.Fields[ordinal], body, ref position);
            if (ordinal == field.Ordinal)
            {
                values = body[start..position];
                return true;
            }

            if (ordinal > field.Ordinal)
            {
                break;
            }
        }

        values = default;
        return false;
    }

    /// <summary>Goes through the values of a field, the id and <c>_version_</c> included.</summary>
    /// <returns>False when it has none.</returns>
    public bool TryGetAll(CoreSchema schema, SchemaField field, out ValueEnumerator values)
    {
        if (ReferenceEquals(field, schema.Id) || ReferenceEquals(field, schema.Version))
        {
            values = ValueEnumerator.Single(ReferenceEquals(field, schema.Id) ? Id : Body.AsSpan(0, HeaderSize));
            return true;
        }

        if (TryFind(schema, Body, field, out var stored))
        {
            values = new ValueEnumerator(field, stored);
            return true;
        }

        values = default;
        return false;
    }

    /// <summary>The content of a field's only or first value, the id and <c>_version_</c> included.</summary>
    public bool TryGetFirst(CoreSchema schema, SchemaField field, out ReadOnlySpan<byte> value)
    {
        if (ReferenceEquals(field, schema.Id))
        {
            value = Id;
            return true;
        }

        if (ReferenceEquals(field, schema.Version))
        {
            value = Body.AsSpan(0, HeaderSize);
            return true;
        }

        if (TryFind(schema, Body, field, out var values))
        {
            foreach (var first in new ValueEnumerator(field, values))
            {
                value = first;
                return true;
            }
        }

        value = default;
        return false;
    }
}
