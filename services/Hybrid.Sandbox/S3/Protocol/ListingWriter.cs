using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Hybrid.Sandbox.S3.Protocol;

/// <summary>
/// Writes a listing's XML straight into the answer: a page has a thousand entries, and an element written by a general XML writer costs
/// several times the rest of the request.
/// </summary>
internal sealed class ListingWriter(IBufferWriter<byte> output, bool urlEncoded)
{
    private static readonly SearchValues<char> Plain = SearchValues.Create(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.~/");

    // What XML 1.0 does not allow S3 sends as character references all the same.
    private static readonly SearchValues<char> Escaped = SearchValues.Create(
        "&<>\"\u0001\u0002\u0003\u0004\u0005\u0006\u0007\u0008\t\n\u000B\u000C\r\u000E\u000F\u0010\u0011\u0012\u0013\u0014\u0015\u0016\u0017\u0018\u0019\u001A\u001B\u001C\u001D\u001E\u001F\uFFFE\uFFFF");

    /// <summary>Writes markup as it is.</summary>
    public void Raw(ReadOnlySpan<byte> markup) => output.Write(markup);

    /// <summary>Writes text with what XML gives a meaning escaped.</summary>
    public void Text(ReadOnlySpan<char> text)
    {
        while (text.IndexOfAny(Escaped) is var at and >= 0)
        {
            Encoding.UTF8.GetBytes(text[..at], output);
            Raw(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"&#x{(int)text[at]:X};")));
            text = text[(at + 1)..];
        }

        Encoding.UTF8.GetBytes(text, output);
    }

    /// <summary>Writes a key, prefix or delimiter, percent-encoded if the request asked for it.</summary>
    public void Key(string key) =>
        Text(urlEncoded && key.AsSpan().ContainsAnyExcept(Plain)
            ? Uri.EscapeDataString(key).Replace("%2F", "/", StringComparison.Ordinal)
            : key);

    public void Number(long number)
    {
        var span = output.GetSpan(20);
        Utf8Formatter.TryFormat(number, span, out var written);
        output.Advance(written);
    }

    public void Time(DateTimeOffset time)
    {
        var span = output.GetSpan(24);
        time.UtcDateTime.TryFormat(span, out var written, "yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        output.Advance(written);
    }

    public void Element(string name, string text)
    {
        Begin(name);
        Text(text);
        End(name);
    }

    public void KeyElement(string name, string key)
    {
        Begin(name);
        Key(key);
        End(name);
    }

    public void Element(string name, long number)
    {
        Begin(name);
        Number(number);
        End(name);
    }

    public void Element(string name, bool value) => Element(name, value ? "true" : "false");

    private void Begin(string name)
    {
        Raw("<"u8);
        Encoding.UTF8.GetBytes(name, output);
        Raw(">"u8);
    }

    private void End(string name)
    {
        Raw("</"u8);
        Encoding.UTF8.GetBytes(name, output);
        Raw(">"u8);
    }
}
