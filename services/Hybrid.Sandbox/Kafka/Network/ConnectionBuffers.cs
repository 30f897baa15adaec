using System.Buffers;
using System.Numerics;

namespace Hybrid.Sandbox.Kafka.Network;

/// <summary>
/// The buffers of one connection, within the <see cref="ConnectionLimits"/> of all. Small ones are free; very large ones do not
/// come from a pool, which would keep them.
/// </summary>
internal sealed class ConnectionBuffers(ConnectionLimits limits, KafkaConnection connection)
{
    /// <summary>Size in bytes up to which a buffer counts as part of the connection.</summary>
    public const int FreeSize = 64 * 1024;

    /// <summary>Size in bytes up to which buffers come from a pool.</summary>
    private const int PooledSize = 1024 * 1024;

    /// <summary>Size in bytes up to which a connection keeps a buffer that had to grow for the next time.</summary>
    private const int KeptSize = 4 * 1024 * 1024;

    /// <summary>A buffer of a size at least.</summary>
    /// <exception cref="Protocol.MalformedRequestException">The connections hold too much already.</exception>
    public byte[] Rent(int size)
    {
        size = Rounded(size);
        if (size > FreeSize)
        {
            limits.Take(connection, size);
        }
        return Allocate(size);
    }

    public void Return(byte[] buffer)
    {
        if (buffer.Length > FreeSize)
        {
            limits.Give(connection, buffer.Length);
        }
        if (buffer.Length is > 0 and <= PooledSize)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Copies what is used of a buffer to a larger one.</summary>
    /// <exception cref="Protocol.MalformedRequestException">The connections hold too much already.</exception>
    public byte[] Grow(byte[] buffer, int used, int size) => Move(buffer, used, Rent(size));

    /// <summary>Copies what is used of a buffer to a larger one, once there is room for it.</summary>
    /// <exception cref="Protocol.MalformedRequestException">The connections hold too much already.</exception>
    public async ValueTask<byte[]> GrowAsync(byte[] buffer, int used, int size, CancellationToken cancellationToken)
    {
        size = Rounded(size);
        if (size > FreeSize)
        {
            await limits.TakeAsync(connection, size, cancellationToken).ConfigureAwait(false);
        }
        return Move(buffer, used, Allocate(size));
    }

    /// <summary>Whether an empty buffer is too large to be kept for the next time.</summary>
    public bool IsTooLargeToKeep(byte[] buffer) => buffer.Length > KeptSize || (buffer.Length > FreeSize && limits.IsTight);

    private static int Rounded(int size) => size > PooledSize ? size : (int)BitOperations.RoundUpToPowerOf2((uint)size);

    private static byte[] Allocate(int size) =>
        size > PooledSize ? GC.AllocateUninitializedArray<byte>(size) : ArrayPool<byte>.Shared.Rent(size);

    private byte[] Move(byte[] buffer, int used, byte[] grown)
    {
        buffer.AsSpan(0, used).CopyTo(grown);
        Return(buffer);
        return grown;
    }
}
