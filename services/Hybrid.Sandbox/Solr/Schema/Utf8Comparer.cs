using System.Buffers.Binary;
using System.Numerics;

namespace Hybrid.Sandbox.Solr.Schema;

/// <summary>Compares keys by their UTF-8 bytes, and looks them up by a span without making one.</summary>
internal sealed class Utf8Comparer : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
{
    private readonly uint _seed = (uint)Random.Shared.Next();

    public bool Equals(byte[]? x, byte[]? y) => ReferenceEquals(x, y) || (x is not null && y is not null && x.AsSpan().SequenceEqual(y));

    public int GetHashCode(byte[] obj) => GetHashCode(obj.AsSpan());

    public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);

    public int GetHashCode(ReadOnlySpan<byte> alternate)
    {
        var hash = _seed ^ (uint)alternate.Length;
        while (alternate.Length >= sizeof(ulong))
        {
            hash = BitOperations.Crc32C(hash, BinaryPrimitives.ReadUInt64LittleEndian(alternate));
            alternate = alternate[sizeof(ulong)..];
        }

        foreach (var value in alternate)
        {
            hash = BitOperations.Crc32C(hash, value);
        }

        return (int)(hash * 0x9E3779B1u);
    }

    public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();
}
