using System.Buffers;
using Hybrid.Comparison.Convergence.Planning;
using Hybrid.Comparison.Load.Generate;
using Hybrid.Contracts.Partitions;
using Hybrid.Contracts.Records;
using Hybrid.Pipeline.Formats;

namespace Hybrid.Comparison.Convergence.Input;

/// <summary>Makes up objects: changes, deletes, signals, lines that are no delta, and documents that no Solr takes.</summary>
internal sealed class ObjectDraw
{
    /// <summary>The longest term that Lucene indexes, bytes (<c>IndexWriter.MAX_TERM_LENGTH</c>): Solr refuses a document with a longer one.</summary>
    public const int LongestTerm = 32_766;

    private const double ShareOfLongObjects = 0.08;
    private const double ShareOfReturns = 0.15;

    private readonly Draw _draw;
    private readonly LineGenerator _generator;
    private readonly double _malformed;
    private readonly double _deletes;
    private readonly double _signals;
    private readonly double _refused;

    public ObjectDraw(Draw draw)
    {
        _draw = draw;
        _generator = new LineGenerator(new GeneratorOptions { Documents = draw.Pick(3, 20, 60, 200), ZipfExponent = draw.Pick(0.0, 0.8, 1.4) });
        _malformed = draw.Pick(0, 0, 0.02, 0.1);
        _deletes = draw.Pick(0, 0.05, 0.25);
        _signals = draw.Pick(0, 0.2, 0.5, 0.5);
        _refused = draw.Pick(0, 0, 0.02);
    }

    /// <summary>The lines of an object; null for one that is no delta.</summary>
    public List<(CatalogDelta? Delta, byte[] Malformed)> Lines(PartitionId partition)
    {
        var lines = new List<(CatalogDelta?, byte[])>();
        for (var left = _draw.Chance(ShareOfLongObjects) ? _draw.Between(150, 400) : _draw.Between(1, 40); left > 0; left--)
        {
            var time = partition.Start.ToUnixTimeMilliseconds() + _draw.Between(0, (int)partition.Period.TotalMilliseconds - 1);
            lines.Add(_draw.Chance(_malformed) ? (null, _generator.Malformed(ref _draw.Random, time)) : (Delta(time), []));
        }

        return lines;
    }

    /// <summary>The same lines with other attributes, and some more.</summary>
    public List<(CatalogDelta? Delta, byte[] Malformed)> Correct(List<(CatalogDelta? Delta, byte[] Malformed)> lines, PartitionId partition) =>
    [
        .. lines.Select(line => line.Delta is { Kind: DeltaKind.Upsert } upsert ? (upsert with { Title = $"{upsert.Title}, corrected", Quantity = -1 }, line.Malformed) : line),
        .. Lines(partition).Where(line => line.Delta is { Kind: not DeltaKind.Signal }),
    ];

    /// <summary>The extension of the next object's name.</summary>
    public string Extension() => ObjectExtensions.Of(
        _draw.Pick(SourceFormat.Ndjson, SourceFormat.Ndjson, SourceFormat.Ndjson, SourceFormat.Csv, SourceFormat.Avro),
        _draw.Pick(ObjectCompression.None, ObjectCompression.Gzip));

    /// <summary>The bytes of an object.</summary>
    public static byte[] Content(string key, List<(CatalogDelta? Delta, byte[] Malformed)> lines)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = RecordWriters.Create(ObjectExtensions.FormatOf(key)!.Value, buffer))
        {
            foreach (var (delta, malformed) in lines)
            {
                if (delta is null)
                {
                    writer.WriteMalformed(malformed);
                }
                else
                {
                    writer.Write(delta);
                }
            }

            writer.Complete();
        }

        using var content = new MemoryStream();
        using (var packed = RecordWriters.Compress(ObjectExtensions.CompressionOf(key) ?? ObjectCompression.None, content))
        {
            packed.Write(buffer.WrittenSpan);
        }

        return content.ToArray();
    }

    private CatalogDelta Delta(long time)
    {
        var share = _draw.Random.NextDouble();
        var kind = share < _deletes ? DeltaKind.Delete : share < _deletes + _signals ? DeltaKind.Signal : DeltaKind.Upsert;
        var delta = _generator.Delta(ref _draw.Random, kind, time);
        return kind switch
        {
            DeltaKind.Signal when _draw.Chance(ShareOfReturns) => delta with { Quantity = -delta.Quantity },
            DeltaKind.Upsert when _draw.Chance(_refused) => delta with { Category = new string('x', LongestTerm + 1) },
            _ => delta,
        };
    }
}
