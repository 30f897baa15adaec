namespace Hybrid.Sandbox.Solr.Schema;

/// <summary>Goes through the values of one field of a stored document.</summary>
internal ref struct ValueEnumerator
{
    private readonly FieldKind _kind;
    private readonly ReadOnlySpan<byte> _bytes;
    private readonly bool _isBare;
    private int _position;
    private uint _left;

    /// <param name="field">The field.</param>
    /// <param name="bytes">All its values, as the document holds them.</param>
    public ValueEnumerator(SchemaField field, ReadOnlySpan<byte> bytes)
    {
        _kind = field.Kind;
        _bytes = bytes;
        _left = field.MultiValued ? StoredValue.ReadVarint(bytes, ref _position) : 1;
        Count = (int)_left;
    }

    private ValueEnumerator(ReadOnlySpan<byte> content)
    {
        _bytes = content;
        _isBare = true;
        _left = 1;
        Count = 1;
    }

    public int Count { get; }

    public ReadOnlySpan<byte> Current { get; private set; }

    /// <summary>One value that is given by its content.</summary>
    public static ValueEnumerator Single(ReadOnlySpan<byte> content) => new(content);

    public readonly ValueEnumerator GetEnumerator() => this;

    public bool MoveNext()
    {
        if (_left == 0)
        {
            return false;
        }

        _left--;
        Current = _isBare ? _bytes : StoredValue.ReadOne(_kind, _bytes, ref _position);
        return true;
    }
}
