using System.Runtime.InteropServices;

namespace Hybrid.Compression;

/// <summary>Finds libzstd under the names that systems give it.</summary>
internal static class ZstdLibrary
{
    /// <summary>Where to look, the usual places first.</summary>
    public static IEnumerable<string> Candidates() =>
        OperatingSystem.IsWindows() ? ["libzstd.dll", "zstd.dll"]
        : OperatingSystem.IsMacOS() ? ["libzstd.1.dylib", "/opt/homebrew/lib/libzstd.1.dylib", "/usr/local/lib/libzstd.1.dylib"]
        : ["libzstd.so.1", "libzstd.so"];

    /// <summary>Loads the first candidate that is there.</summary>
    /// <exception cref="ZstdUnavailableException">None is.</exception>
    public static nint Load(IEnumerable<string> candidates)
    {
        foreach (var candidate in candidates)
        {
            if (NativeLibrary.TryLoad(candidate, out var library))
            {
                return library;
            }
        }

        throw new ZstdUnavailableException();
    }
}
