using System.Buffers;
using System.Globalization;
using System.IO.Compression;
using Hybrid.Contracts.Partitions;
using Hybrid.Contracts.Records;
using Hybrid.Pipeline.Lines;

namespace Hybrid.Containers.Tests;

/// <summary>Seeded partitions of upserts, deletes and malformed lines, and the index that they must end in.</summary>
internal sealed class Partitions
{
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(5);
    private static readonly DateTimeOffset Begin = new(2011, 12, 1, 8, 0, 0, TimeSpan.Zero);

    private readonly Dictionary<string, (long Version, CatalogDelta Delta)> _newest = new(StringComparer.Ordinal);

    public Partitions(int seed, int partitions, int linesInEach)
    {
        var random = new Random(seed);
        var layout = new PartitionLayout(PartitionLayout.DefaultTemplate, Period);
        var partition = new PartitionId(Begin, Period);
        for (var number = 0; number < partitions; number++, partition = partition.Next)
        {
            var key = layout.Prefix(partition) + "part-0.ndjson.gz";
            Objects.Add((key, Write(random, partition, key, linesInEach)));
        }

        End = partition.Start;
    }

    public List<(string Key, byte[] Content)> Objects { get; } = [];

    /// <summary>The end of the last partition, event time.</summary>
    public DateTimeOffset End { get; }

    public long Lines { get; private set; }

    public long Malformed { get; private set; }

    /// <summary>Version and title by document, the title null for a deleted one; in the order of the ids.</summary>
    public List<(string Id, long Version, string? Title)> Truth =>
        [.. _newest.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => (pair.Key, pair.Value.Version, pair.Value.Delta.Title))];

    private byte[] Write(Random random, PartitionId partition, string key, int lines)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new SourceLineWriter(buffer))
        {
            for (var line = 1; line <= lines; line++)
            {
                Lines++;
                if (random.Next(50) == 0)
                {
                    Malformed++;
                    buffer.Write("{\"documentId\": \n"u8);
                    continue;
                }

                var delta = Delta(random, partition);
                writer.Write(delta);
                var version = DeltaVersion.Create(delta.EventTimeMilliseconds, generation: 0, line, DeltaVersion.ObjectOrdinal(key));
                if (!_newest.TryGetValue(delta.DocumentId, out var known) || version > known.Version)
                {
                    _newest[delta.DocumentId] = (version, delta);
                }
            }
        }

        var content = new MemoryStream();
        using (var gzip = new GZipStream(content, CompressionLevel.Fastest))
        {
            gzip.Write(buffer.WrittenSpan);
        }

        return content.ToArray();
    }

    private static CatalogDelta Delta(Random random, PartitionId partition)
    {
        var id = string.Create(CultureInfo.InvariantCulture, $"d{random.Next(300)}");
        var deleted = random.Next(10) == 0;
        return new CatalogDelta
        {
            DocumentId = id,
            Kind = deleted ? DeltaKind.Delete : DeltaKind.Upsert,
            Version = 0,
            EventTimeMilliseconds = (partition.Start + (random.NextDouble() * Period)).ToUnixTimeMilliseconds(),
            Partition = partition.Name,
            Title = deleted ? null : string.Create(CultureInfo.InvariantCulture, $"{id} at {random.Next(1_000)}"),
        };
    }
}
