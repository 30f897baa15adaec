using System.Globalization;

namespace Hybrid.Sandbox.S3.Protocol;

/// <summary>A satisfiable byte range of an object.</summary>
/// <param name="Start">The first byte, from 0.</param>
/// <param name="Length">At least 1.</param>
internal readonly record struct ByteRange(long Start, long Length)
{
    /// <summary>Reads a <c>Range</c> header (RFC 9110, section 14). As S3 does, anything but one range of bytes is ignored.</summary>
    /// <returns>The range, or null for the whole object.</returns>
    /// <exception cref="S3Exception">InvalidRange: the range holds no byte of the object.</exception>
    public static ByteRange? Parse(string header, long size)
    {
        const string unit = "bytes=";
        if (!header.StartsWith(unit, StringComparison.OrdinalIgnoreCase) || header.Contains(',', StringComparison.Ordinal))
        {
            return null;
        }

        var range = header.AsSpan(unit.Length).Trim();
        var dash = range.IndexOf('-');
        if (dash < 0 || !TryNumber(range[..dash], out var first) || !TryNumber(range[(dash + 1)..], out var last)
            || (first is null && last is null) || last < first)
        {
            return null;
        }

        var (start, end) = first is null
            ? (Math.Max(0, size - last!.Value), last == 0 ? -1 : size - 1)
            : (first.Value, Math.Min(last ?? long.MaxValue, size - 1));
        return start <= end ? new ByteRange(start, end - start + 1) : throw S3Exception.InvalidRange(header, size);
    }

    private static bool TryNumber(ReadOnlySpan<char> text, out long? number)
    {
        number = null;
        if (text.IsEmpty)
        {
            return true;
        }

        if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value))
        {
            return false;
        }

        number = value;
        return true;
    }
}
