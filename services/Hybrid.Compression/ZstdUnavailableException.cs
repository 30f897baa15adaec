namespace Hybrid.Compression;

/// <summary>The native library libzstd, 1.4 or newer, is not on this machine. The message is one line and says how to install it.</summary>
public sealed class ZstdUnavailableException : Exception
{
    /// <summary>Makes an error.</summary>
    /// <param name="inner">Why loading failed; null when no file was there.</param>
    public ZstdUnavailableException(Exception? inner = null)
        : base(
            "zstd data needs the native library libzstd, which is not installed: 'apt-get install libzstd1' (Debian, Ubuntu), "
            + "'dnf install libzstd' (Fedora), 'apk add zstd-libs' (Alpine) or 'brew install zstd' (macOS)",
            inner)
    {
    }
}
