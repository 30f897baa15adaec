namespace Hybrid.Compression;

/// <summary>What is known of the zstd format (RFC 8878) without the native library.</summary>
public static class Zstd
{
    /// <summary>
    /// The largest window accepted when nothing else is said, as a power of two: 128 MiB, what the <c>zstd</c> command accepts. A frame
    /// that asks for more is refused before memory is set aside for it.
    /// </summary>
    public const int DefaultMaxWindowLog = 27;

    /// <summary>Whether bytes begin a frame: a compressed one, or one that decoders skip.</summary>
    /// <param name="begin">The first bytes; four are enough.</param>
    public static bool IsFrame(ReadOnlySpan<byte> begin) =>
        begin.StartsWith((ReadOnlySpan<byte>)[0x28, 0xb5, 0x2f, 0xfd])
        || (begin.Length >= 4 && (begin[0] & 0xf0) == 0x50 && begin[1..4].SequenceEqual((ReadOnlySpan<byte>)[0x2a, 0x4d, 0x18]));

    /// <summary>Loads the native library.</summary>
    /// <exception cref="ZstdUnavailableException">It is not on this machine, or too old.</exception>
    internal static T Load<T>(Func<T> use)
    {
        try
        {
            return use();
        }
        catch (Exception failure) when (failure is DllNotFoundException or EntryPointNotFoundException or BadImageFormatException)
        {
            throw new ZstdUnavailableException(failure);
        }
    }
}
