using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Hybrid.Sandbox.Kafka.Records;

namespace Hybrid.Sandbox.Kafka.Log;

/// <summary>
/// The last offset of every key in a stretch of log. Keys are told apart by a 128-bit digest, as in Kafka's own cleaner.
/// </summary>
internal sealed class CompactionMap
{
    private readonly Dictionary<UInt128, long> _lastOffsets = [];

    public int Count => _lastOffsets.Count;

    /// <summary>Takes note of a batch's keys. A batch that cannot be read supersedes nothing.</summary>
    public void Add(RecordBatch batch)
    {
        if (!Decompressor.TryDecompress(batch, out var records))
        {
            return;
        }
        var reader = new RecordReader(batch, records);
        while (reader.Next())
        {
            if (reader.HasKey)
            {
                _lastOffsets[Digest(reader.Key)] = reader.Offset;
            }
        }
    }

    /// <summary>Whether a later record has the same key.</summary>
    public bool IsSuperseded(ReadOnlySpan<byte> key, long offset) =>
        _lastOffsets.TryGetValue(Digest(key), out var last) && last > offset;

    private static UInt128 Digest(ReadOnlySpan<byte> key)
    {
        Span<byte> digest = stackalloc byte[MD5.HashSizeInBytes];
        MD5.HashData(key, digest);
        return MemoryMarshal.Read<UInt128>(digest);
    }
}
