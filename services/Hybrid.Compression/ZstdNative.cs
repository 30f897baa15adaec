using System.Runtime.InteropServices;

namespace Hybrid.Compression;

/// <summary>The functions of libzstd that are used here: its stable streaming interface, as of version 1.4.</summary>
internal static partial class ZstdNative
{
    public const int CompressionLevel = 100;
    public const int Checksum = 201;
    public const int WindowLogMax = 100;
    public const int Continue = 0;
    public const int Flush = 1;
    public const int End = 2;

    private const string Library = "zstd";

    static ZstdNative() => NativeLibrary.SetDllImportResolver(
        typeof(ZstdNative).Assembly, static (name, _, _) => name == Library ? ZstdLibrary.Load(ZstdLibrary.Candidates()) : 0);

    /// <summary>A result that is an error becomes an exception.</summary>
    /// <exception cref="InvalidDataException">It is one.</exception>
    public static nuint Check(nuint result) =>
        IsError(result) == 0
            ? result
            : throw new InvalidDataException($"zstd: {Marshal.PtrToStringUTF8(ErrorName(result))?.ToLowerInvariant()}");

    [LibraryImport(Library, EntryPoint = "ZSTD_isError")]
    private static partial uint IsError(nuint code);

    [LibraryImport(Library, EntryPoint = "ZSTD_getErrorName")]
    private static partial nint ErrorName(nuint code);

    [LibraryImport(Library, EntryPoint = "ZSTD_createDCtx")]
    public static partial ZstdDecompressionContext CreateDecompression();

    [LibraryImport(Library, EntryPoint = "ZSTD_freeDCtx")]
    public static partial nuint FreeDecompression(nint context);

    [LibraryImport(Library, EntryPoint = "ZSTD_DCtx_setParameter")]
    public static partial nuint SetParameter(ZstdDecompressionContext context, int parameter, int value);

    [LibraryImport(Library, EntryPoint = "ZSTD_DCtx_reset")]
    public static partial nuint Reset(ZstdDecompressionContext context, int directive);

    [LibraryImport(Library, EntryPoint = "ZSTD_decompressStream")]
    public static partial nuint Decompress(ZstdDecompressionContext context, ref ZstdBuffer output, ref ZstdBuffer input);

    [LibraryImport(Library, EntryPoint = "ZSTD_createCCtx")]
    public static partial ZstdCompressionContext CreateCompression();

    [LibraryImport(Library, EntryPoint = "ZSTD_freeCCtx")]
    public static partial nuint FreeCompression(nint context);

    [LibraryImport(Library, EntryPoint = "ZSTD_CCtx_setParameter")]
    public static partial nuint SetParameter(ZstdCompressionContext context, int parameter, int value);

    [LibraryImport(Library, EntryPoint = "ZSTD_compressStream2")]
    public static partial nuint Compress(ZstdCompressionContext context, ref ZstdBuffer output, ref ZstdBuffer input, int directive);
}

/// <summary>libzstd's <c>ZSTD_inBuffer</c> and <c>ZSTD_outBuffer</c>, which have the same shape.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct ZstdBuffer
{
    public nint Bytes;
    public nuint Size;
    public nuint Position;
}

/// <summary>Owns a native decompression context.</summary>
internal sealed class ZstdDecompressionContext() : SafeHandle(0, ownsHandle: true)
{
    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle() => ZstdNative.FreeDecompression(handle) == 0;
}

/// <summary>Owns a native compression context.</summary>
internal sealed class ZstdCompressionContext() : SafeHandle(0, ownsHandle: true)
{
    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle() => ZstdNative.FreeCompression(handle) == 0;
}
