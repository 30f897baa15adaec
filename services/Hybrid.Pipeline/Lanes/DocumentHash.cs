using System.Buffers;
using System.Text;

namespace Hybrid.Pipeline.Lanes;

/// <summary>A number for a document's id: the same for the same id within one process, and evenly spread.</summary>
internal static class DocumentHash
{
    private const int OnStack = 256;

    /// <param name="id">UTF-8.</param>
    public static int Of(ReadOnlySpan<byte> id)
    {
        var hash = default(HashCode);
        hash.AddBytes(id);
        return hash.ToHashCode();
    }

    public static int Of(string id)
    {
        var most = Encoding.UTF8.GetMaxByteCount(id.Length);
        byte[]? rented = null;
        var utf8 = most <= OnStack ? stackalloc byte[OnStack] : rented = ArrayPool<byte>.Shared.Rent(most);
        var hash = Of(utf8[..Encoding.UTF8.GetBytes(id, utf8)]);
        if (rented is not null)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }

        return hash;
    }
}
