using System.Buffers;
using BenchmarkDotNet.Attributes;
using Hybrid.Pipeline.Formats;

namespace Hybrid.Benchmarks.Micro;

/// <summary>One record out of an object of each format and compression, read and parsed. The baseline is plain NDJSON.</summary>
public class FormatBenchmarks
{
    private const int Records = 10_000;

    private readonly Dictionary<(SourceFormat, ObjectCompression), byte[]> _objects = [];

    /// <summary>Writes the objects.</summary>
    [GlobalSetup]
    public void Setup()
    {
        foreach (var format in Enum.GetValues<SourceFormat>())
        {
            foreach (var compression in Enum.GetValues<ObjectCompression>())
            {
                _objects[(format, compression)] = Write(format, compression);
            }
        }
    }

    /// <summary>The baseline.</summary>
    [Benchmark(Baseline = true, OperationsPerInvoke = Records)]
    public int Ndjson() => Read(SourceFormat.Ndjson, ObjectCompression.None);

    /// <summary>NDJSON in gzip.</summary>
    [Benchmark(OperationsPerInvoke = Records)]
    public int NdjsonGzip() => Read(SourceFormat.Ndjson, ObjectCompression.Gzip);

    /// <summary>NDJSON in zstd.</summary>
    [Benchmark(OperationsPerInvoke = Records)]
    public int NdjsonZstd() => Read(SourceFormat.Ndjson, ObjectCompression.Zstd);

    /// <summary>Plain CSV.</summary>
    [Benchmark(OperationsPerInvoke = Records)]
    public int Csv() => Read(SourceFormat.Csv, ObjectCompression.None);

    /// <summary>CSV in zstd.</summary>
    [Benchmark(OperationsPerInvoke = Records)]
    public int CsvZstd() => Read(SourceFormat.Csv, ObjectCompression.Zstd);

    /// <summary>Plain Avro.</summary>
    [Benchmark(OperationsPerInvoke = Records)]
    public int Avro() => Read(SourceFormat.Avro, ObjectCompression.None);

    /// <summary>Avro in zstd.</summary>
    [Benchmark(OperationsPerInvoke = Records)]
    public int AvroZstd() => Read(SourceFormat.Avro, ObjectCompression.Zstd);

    private int Read(SourceFormat format, ObjectCompression compression) => ReadAsync(format, compression).GetAwaiter().GetResult();

    private async Task<int> ReadAsync(SourceFormat format, ObjectCompression compression)
    {
        await using var reader = new ObjectRecordReader(
            new MemoryStream(_objects[(format, compression)]), "part-0" + ObjectExtensions.Of(format, compression), "2011-12-01T08:00Z");
        var deltas = 0;
        while (await reader.ReadAsync(default))
        {
            deltas += reader.TryParse(out _, out _) ? 1 : 0;
        }

        return deltas == Records ? deltas : throw new InvalidOperationException($"{deltas} of {Records} records are deltas");
    }

    private static byte[] Write(SourceFormat format, ObjectCompression compression)
    {
        var output = new ArrayBufferWriter<byte>();
        using (var writer = RecordWriters.Create(format, output))
        {
            for (var i = 0; i < Records; i++)
            {
                writer.Write(SampleDeltas.Create(i));
            }

            writer.Complete();
        }

        var packed = new MemoryStream();
        using (var archive = RecordWriters.Compress(compression, packed))
        {
            archive.Write(output.WrittenSpan);
        }

        return packed.ToArray();
    }
}
