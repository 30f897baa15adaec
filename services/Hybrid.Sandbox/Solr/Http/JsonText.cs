using System.Buffers;
using System.Text;
using Hybrid.Sandbox.Solr.Schema;

namespace Hybrid.Sandbox.Solr.Http;

/// <summary>JSON strings: only the quote, the backslash and control characters are escaped.</summary>
internal static class JsonText
{
    private static readonly SearchValues<byte> Escaped =
        SearchValues.Create([(byte)'"', (byte)'\\', .. Enumerable.Range(0, 0x20).Select(value => (byte)value)]);

    public static void Write(string text, ByteBuffer output)
    {
        output.Write((byte)'"');
        var start = output.Length;
        var written = Encoding.UTF8.GetBytes(text, output.GetSpan(Encoding.UTF8.GetMaxByteCount(text.Length)));
        output.Advance(written);
        if (output.Slice(start, written).ContainsAny(Escaped))
        {
            var bytes = output.Slice(start, written).ToArray();
            output.Truncate(start);
            Escape(bytes, output);
        }

        output.Write((byte)'"');
    }

    public static void Write(ReadOnlySpan<byte> utf8, ByteBuffer output)
    {
        output.Write((byte)'"');
        Escape(utf8, output);
        output.Write((byte)'"');
    }

    private static void Escape(ReadOnlySpan<byte> utf8, ByteBuffer output)
    {
        while (utf8.IndexOfAny(Escaped) is var index and >= 0)
        {
            output.Write(utf8[..index]);
            switch (utf8[index])
            {
                case (byte)'\n':
                    output.Write("\\n"u8);
                    break;
                case (byte)'\r':
                    output.Write("\\r"u8);
                    break;
                case (byte)'\t':
                    output.Write("\\t"u8);
                    break;
                case (byte)'\b':
                    output.Write("\\b"u8);
                    break;
                case (byte)'\f':
                    output.Write("\\f"u8);
                    break;
                case var plain and >= 0x20:
                    output.Write((byte)'\\');
                    output.Write(plain);
                    break;
                case var control:
                    output.Write("\\u00"u8);
                    output.Write("0123456789ABCDEF"u8.Slice(control >> 4, 1));
                    output.Write("0123456789ABCDEF"u8.Slice(control & 0xf, 1));
                    break;
            }

            utf8 = utf8[(index + 1)..];
        }

        output.Write(utf8);
    }
}
