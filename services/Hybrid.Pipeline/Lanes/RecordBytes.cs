namespace Hybrid.Pipeline.Lanes;

/// <summary>Holds the bytes of a batch's records in chunks that are used again. Not for concurrent use.</summary>
internal sealed class RecordBytes
{
    private const int ChunkBytes = 64 * 1024;

    /// <summary>Chunks that stay for the next records: what many large records took is given back.</summary>
    private const int KeptChunks = 16;

    private readonly List<byte[]> _chunks = [];
    private int _chunk;
    private int _used;

    /// <summary>Copies a record's bytes.</summary>
    /// <returns>The record with the copies, good until <see cref="Clear"/>.</returns>
    public LaneRecord Keep(in LaneRecord record)
    {
        var (key, value, body) = (record.Key ?? default, record.Value ?? default, record.Encoded.Body);
        var isPart = value.Span.Overlaps(body.Span, out var at);
        var copy = Take(key.Length + value.Length + (isPart ? 0 : body.Length));
        key.CopyTo(copy);
        value.CopyTo(copy[key.Length..]);
        if (!isPart)
        {
            at = value.Length;
            body.CopyTo(copy[(key.Length + at)..]);
        }

        return record with
        {
            Key = record.Key.HasValue ? copy[..key.Length] : default(ReadOnlyMemory<byte>?),
            Value = record.Value.HasValue ? copy.Slice(key.Length, value.Length) : default(ReadOnlyMemory<byte>?),
            Encoded = record.Encoded.In(copy.Slice(key.Length + at, body.Length)),
        };
    }

    /// <summary>Forgets all records.</summary>
    public void Clear()
    {
        _chunks.RemoveAll(chunk => chunk.Length > ChunkBytes);
        if (_chunks.Count > KeptChunks)
        {
            _chunks.RemoveRange(KeptChunks, _chunks.Count - KeptChunks);
        }

        _chunk = _used = 0;
    }

    private Memory<byte> Take(int length)
    {
        while (_chunk < _chunks.Count && _chunks[_chunk].Length - _used < length)
        {
            _chunk++;
            _used = 0;
        }

        if (_chunk == _chunks.Count)
        {
            _chunks.Add(GC.AllocateUninitializedArray<byte>(Math.Max(ChunkBytes, length)));
        }

        var taken = _chunks[_chunk].AsMemory(_used, length);
        _used += length;
        return taken;
    }
}
