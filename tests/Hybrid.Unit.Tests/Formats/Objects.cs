using System.IO.Compression;
using System.Text;
using Hybrid.Compression;
using Hybrid.Contracts.Records;
using Hybrid.Pipeline.Formats;
using Hybrid.Pipeline.Lines;

namespace Hybrid.Unit.Tests.Formats;

/// <summary>A record as it came out of an object: a delta, or why it is none.</summary>
internal sealed record ReadRecord(long Line, string Text, long Length, CatalogDelta? Delta, LineError? Error)
{
    /// <summary>The line and the delta's document or the error's class.</summary>
    public override string ToString() => $"{Line}:{Delta?.DocumentId ?? Error!.Class}";
}

internal static class Objects
{
    public const string Partition = "2011-12-01T08:05Z";

    public static Task<List<ReadRecord>> ReadAsync(string key, string content, FormatSettings? settings = null) =>
        ReadAsync(key, new MemoryStream(Encoding.UTF8.GetBytes(content)), settings);

    public static async Task<List<ReadRecord>> ReadAsync(string key, Stream content, FormatSettings? settings = null)
    {
        var records = new List<ReadRecord>();
        await ReadIntoAsync(records, key, content, settings);
        return records;
    }

    public static async Task ReadIntoAsync(List<ReadRecord> records, string key, Stream content, FormatSettings? settings = null)
    {
        await using var reader = new ObjectRecordReader(content, key, Partition, 0, settings);
        while (await reader.ReadAsync(default))
        {
            var text = Encoding.UTF8.GetString(reader.Line.Span);
            reader.TryParse(out var delta, out var error);
            records.Add(new ReadRecord(reader.LineNumber, text, reader.LineLength, delta, error));
        }
    }

    public static byte[] Pack(byte[] content, ObjectCompression compression)
    {
        if (compression == ObjectCompression.None)
        {
            return content;
        }

        var packed = new MemoryStream();
        using (Stream archive = compression == ObjectCompression.Gzip
            ? new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true)
            : new ZstdCompressionStream(packed, leaveOpen: true))
        {
            archive.Write(content);
        }

        return packed.ToArray();
    }
}

/// <summary>Gives at most so many bytes a read, as a network does.</summary>
internal sealed class PiecemealStream(byte[] content, int piece) : MemoryStream(content)
{
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        base.ReadAsync(buffer[..Math.Min(piece, buffer.Length)], cancellationToken);
}
