using System.Buffers;
using System.IO.Compression;
using Hybrid.Compression;
using Hybrid.Pipeline.Formats.Avro;
using Hybrid.Pipeline.Formats.Csv;
using Hybrid.Pipeline.Hosting;

namespace Hybrid.Pipeline.Formats;

/// <summary>Makes the writers of objects.</summary>
public static class RecordWriters
{
    /// <summary>The writer of a format.</summary>
    /// <param name="format">The format.</param>
    /// <param name="output">Where the bytes go; may be emptied between two records.</param>
    public static IRecordWriter Create(SourceFormat format, IBufferWriter<byte> output) => format switch
    {
        SourceFormat.Csv => new CsvRecordWriter(output),
        SourceFormat.Avro => new AvroRecordWriter(output),
        _ => new NdjsonRecordWriter(output),
    };

    /// <summary>A stream that compresses what is written to it; disposing it ends the archive and closes the target.</summary>
    /// <param name="compression">How.</param>
    /// <param name="target">Where the archive goes.</param>
    /// <exception cref="HybridException">It is zstd, and libzstd is not on this machine.</exception>
    public static Stream Compress(ObjectCompression compression, Stream target)
    {
        try
        {
            return compression switch
            {
                ObjectCompression.Gzip => new GZipStream(target, CompressionLevel.Optimal),
                ObjectCompression.Zstd => new ZstdCompressionStream(target),
                _ => target,
            };
        }
        catch (ZstdUnavailableException missing)
        {
            throw new HybridException(ExitCodes.WrongCall, missing.Message, missing);
        }
    }
}
