using System.Text;
using Hybrid.Sandbox.Solr.Schema;
using Hybrid.Sandbox.Solr.Update;

namespace Hybrid.Sandbox.Solr.Index;

/// <summary>Makes the body that a document has after an update, out of the one before and the edits. Not safe for concurrent use.</summary>
internal sealed class DocumentMerger(CoreSchema schema) : IDisposable
{
    private const int InitialBytes = 4096;

    private readonly ByteBuffer _output = new(InitialBytes);
    private readonly int[] _firstEdit = new int[schema.Fields.Length];
    private readonly int[] _editCount = new int[schema.Fields.Length];
    private readonly List<byte[]> _values = [];

    /// <summary>The body that the last merge made, valid until the next.</summary>
    public ReadOnlySpan<byte> Body => _output.Written;

    /// <summary>Merges one update.</summary>
    /// <param name="existing">The body before, or empty when there is none or it is replaced.</param>
    /// <param name="operation">The update.</param>
    /// <param name="batch">What holds its edits and values.</param>
    /// <param name="version">The document's new <c>_version_</c>.</param>
    /// <returns>Null, or why the document cannot be.</returns>
    public SolrError? Merge(ReadOnlySpan<byte> existing, in UpdateOperation operation, UpdateBatch batch, long version)
    {
        var edits = batch.Edits(operation);
        Group(edits);
        _output.Truncate(0);
        _output.Write(version);
        var position = StoredDocument.HeaderSize;
        foreach (var field in schema.Fields)
        {
            ReadOnlySpan<byte> before = default;
            if (position < existing.Length && existing[position] == field.Ordinal)
            {
                var start = ++position;
                StoredValue.Skip(field, existing, ref position);
                before = existing[start..position];
            }

            var count = _editCount[field.Ordinal];
            if (count == 0)
            {
                if (!before.IsEmpty)
                {
                    _output.Write((byte)field.Ordinal);
                    _output.Write(before);
                }
            }
            else if (count == 1 && edits[_firstEdit[field.Ordinal]] is { Kind: EditKind.Value or EditKind.Set } edit && (edit.Count <= 1 || field.MultiValued))
            {
                Replace(field, edit, batch);
            }
            else if (Combine(field, before, edits, batch) is { } reason)
            {
                return SolrError.BadRequest($"ERROR: [doc={Encoding.UTF8.GetString(operation.Id(batch.Values))}] {reason}");
            }
        }

        return null;
    }

    public void Dispose() => _output.Dispose();

    private void Group(ReadOnlySpan<FieldEdit> edits)
    {
        Array.Clear(_editCount);
        for (var index = 0; index < edits.Length; index++)
        {
            var ordinal = edits[index].Ordinal;
            if (_editCount[ordinal]++ == 0)
            {
                _firstEdit[ordinal] = index;
            }
        }
    }

    private void Replace(SchemaField field, in FieldEdit edit, UpdateBatch batch)
    {
        if (edit.Count == 0)
        {
            return;
        }

        _output.Write((byte)field.Ordinal);
        if (field.MultiValued)
        {
            _output.WriteVarint((uint)edit.Count);
        }

        _output.Write(batch.Values.Slice(edit.Offset, edit.Length));
    }

    private string? Combine(SchemaField field, ReadOnlySpan<byte> before, ReadOnlySpan<FieldEdit> edits, UpdateBatch batch)
    {
        _values.Clear();
        if (!before.IsEmpty)
        {
            foreach (var value in new ValueEnumerator(field, before))
            {
                _values.Add(value.ToArray());
            }
        }

        var replaced = false;
        for (var index = _firstEdit[field.Ordinal]; index < edits.Length; index++)
        {
            var edit = edits[index];
            if (edit.Ordinal != field.Ordinal)
            {
                continue;
            }

            if (edit.Kind is EditKind.Value or EditKind.Set && !replaced)
            {
                replaced = true;
                _values.Clear();
            }

            var bytes = batch.Values.Slice(edit.Offset, edit.Length);
            var position = 0;
            var kind = edit.Kind == EditKind.RemoveMatching ? FieldKind.String : field.Kind;
            for (var value = 0; value < edit.Count; value++)
            {
                Combine(field, edit.Kind, StoredValue.ReadOne(kind, bytes, ref position));
            }
        }

        if (_values.Count > 1 && !field.MultiValued)
        {
            var texts = string.Join(", ", _values.Select(value => ValueText.Of(field.Kind, value)));
            return $"multiple values encountered for non multiValued field {field.Name}: [{texts}]";
        }

        WriteCombined(field);
        return null;
    }

    private void Combine(SchemaField field, EditKind kind, ReadOnlySpan<byte> value)
    {
        switch (kind)
        {
            case EditKind.Increment when _values.Count > 0:
                _values[0] = Sum(field.Kind, _values[0], value);
                break;
            case EditKind.Remove:
                if (IndexOf(value) is var index and >= 0)
                {
                    _values.RemoveAt(index);
                }

                break;
            case EditKind.RemoveMatching:
                var pattern = ValuePattern.TryParse(Encoding.UTF8.GetString(value))!;
                _values.RemoveAll(candidate => pattern.IsMatch(ValueText.Of(field.Kind, candidate)));
                break;
            case EditKind.AddDistinct when IndexOf(value) >= 0:
                break;
            default:
                _values.Add(value.ToArray());
                break;
        }
    }

    private int IndexOf(ReadOnlySpan<byte> value)
    {
        for (var index = 0; index < _values.Count; index++)
        {
            if (value.SequenceEqual(_values[index]))
            {
                return index;
            }
        }

        return -1;
    }

    private static byte[] Sum(FieldKind kind, ReadOnlySpan<byte> value, ReadOnlySpan<byte> increment) => kind == FieldKind.Double
        ? BitConverter.GetBytes(StoredValue.AsDouble(value) + StoredValue.AsDouble(increment))
        : BitConverter.GetBytes(unchecked(StoredValue.AsLong(value) + StoredValue.AsLong(increment)));

    private void WriteCombined(SchemaField field)
    {
        if (_values.Count == 0)
        {
            return;
        }

        _output.Write((byte)field.Ordinal);
        if (field.MultiValued)
        {
            _output.WriteVarint((uint)_values.Count);
        }

        foreach (var value in _values)
        {
            StoredValue.WriteOne(field.Kind, value, _output);
        }
    }
}
