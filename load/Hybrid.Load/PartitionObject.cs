using System.Buffers;
using System.Globalization;
using System.IO.Compression;
using Hybrid.Contracts.Partitions;
using Hybrid.Contracts.Records;
using Hybrid.Pipeline.Lines;

namespace Hybrid.Load;

/// <summary>One object of a partition: upserts of a fixed set of documents, and a canary.</summary>
internal sealed record PartitionObject(string Key, string CanaryId, DateTimeOffset Due, MemoryStream Content)
{
    private const int Documents = 50_000;

    /// <summary>Makes an object of the partition that is open now.</summary>
    /// <param name="settings">How many lines, and which documents.</param>
    /// <param name="layout">The layout of partitions.</param>
    /// <param name="run">Keeps several runs on one source apart.</param>
    /// <param name="number">Keeps the objects of a run apart.</param>
    public static PartitionObject Create(LoadSettings settings, PartitionLayout layout, string run, long number)
    {
        var now = DateTimeOffset.UtcNow;
        var partition = PartitionId.Containing(now, settings.Period);
        var random = new Random(unchecked((settings.Seed * 31) + (int)number));
        var canary = string.Create(CultureInfo.InvariantCulture, $"load-{run}-{number}");
        var lines = new ArrayBufferWriter<byte>();
        using (var writer = new SourceLineWriter(lines))
        {
            for (var line = 0; line < settings.Records; line++)
            {
                writer.Write(Upsert(string.Create(CultureInfo.InvariantCulture, $"load-{random.Next(Documents)}"), now, partition, random));
            }

            writer.Write(Upsert(canary, now, partition, random));
        }

        var content = new MemoryStream();
        using (var gzip = new GZipStream(content, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(lines.WrittenSpan);
        }

        content.Position = 0;
        var key = string.Create(CultureInfo.InvariantCulture, $"{layout.Prefix(partition)}load-{run}-{number}.ndjson.gz");
        return new PartitionObject(key, canary, partition.End, content);
    }

    private static CatalogDelta Upsert(string id, DateTimeOffset now, PartitionId partition, Random random) => new()
    {
        DocumentId = id,
        Kind = DeltaKind.Upsert,
        Version = 0,
        EventTimeMilliseconds = now.ToUnixTimeMilliseconds(),
        Partition = partition.Name,
        Title = "Load test document " + id,
        Category = "load",
        Price = random.Next(1, 10_000) / 100.0,
        Quantity = random.Next(1, 100),
    };
}
