namespace Hybrid.Pipeline.Formats;

/// <summary>What an object's first bytes look like.</summary>
internal static class ContentSniffer
{
    private static ReadOnlySpan<byte> Blank => " \t\r\n"u8;

    /// <summary>The magic of an Avro object container file.</summary>
    public static ReadOnlySpan<byte> Avro => "Obj\u0001"u8;

    /// <summary>Avro by its magic, NDJSON by a brace or bracket, CSV by a first line with a comma, semicolon or tab, NDJSON otherwise.</summary>
    public static SourceFormat FormatOf(ReadOnlySpan<byte> begin)
    {
        if (begin.StartsWith(Avro))
        {
            return SourceFormat.Avro;
        }

        var text = (begin.StartsWith("\uFEFF"u8) ? begin[3..] : begin).TrimStart(Blank);
        var end = text.IndexOf((byte)'\n');
        return text.IsEmpty || text[0] is (byte)'{' or (byte)'[' || (end < 0 ? text : text[..end]).IndexOfAny(",;\t"u8) < 0
            ? SourceFormat.Ndjson
            : SourceFormat.Csv;
    }

    /// <summary>Whether the bytes are neither text nor an Avro object container file.</summary>
    public static bool IsBinary(ReadOnlySpan<byte> begin) =>
        !begin.StartsWith(Avro) && begin[..Math.Min(begin.Length, 64)].IndexOfAnyInRange((byte)0, (byte)8) >= 0;
}
