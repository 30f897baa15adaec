using System.Text.Json;
using Hybrid.Comparison.Load;
using Hybrid.Comparison.Load.Generate;
using Hybrid.Contracts.Partitions;
using Hybrid.Contracts.Records;
using Hybrid.Pipeline.Formats;
using Hybrid.Pipeline.Hosting;

namespace Hybrid.Unit.Tests.Load;

public sealed class PartitionGeneratorTests : IDisposable
{
    private static readonly GeneratorOptions s_options = new()
    {
        Seed = 7,
        Partitions = 6,
        RecordsPerPartition = 200,
        Documents = 50,
        MalformedShare = 0.05,
        DeleteShare = 0.1,
        SignalShare = 0.3,
        CanariesPerPartition = 3,
        ObjectsPerPartition = 2,
        BurstEvery = 3,
        BurstFactor = 4,
        LateShare = 0.5,
        MaxDelayPartitions = 2,
    };

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void SameOptions_GiveTheSameBytes()
    {
        Generate(s_options, "a");
        Generate(s_options, "b");

        var first = InputReading.Bytes(_directory.Below("a"));
        var second = InputReading.Bytes(_directory.Below("b"));
        Assert.Equal(first.Keys.Order(), second.Keys.Order());
        Assert.All(first, file => Assert.Equal(file.Value, second[file.Key]));
    }

    [Fact]
    public void AnotherSeed_GivesOtherBytes()
    {
        Generate(s_options, "a");
        Generate(s_options with { Seed = 8 }, "b");

        var key = Path.Combine("dt=2011-12-01", "hh=08", "mm=00", "part-0.ndjson.gz");
        Assert.NotEqual(InputReading.Bytes(_directory.Below("a"))[key], InputReading.Bytes(_directory.Below("b"))[key]);
    }

    [Theory]
    [InlineData(SourceFormat.Ndjson, ObjectCompression.None)]
    [InlineData(SourceFormat.Ndjson, ObjectCompression.Zstd)]
    [InlineData(SourceFormat.Csv, ObjectCompression.Gzip)]
    [InlineData(SourceFormat.Avro, ObjectCompression.None)]
    [InlineData(SourceFormat.Avro, ObjectCompression.Zstd)]
    public async Task SameSeed_InAnotherFormat_GivesTheSameRecords_AndTheSameBytesEveryTime(SourceFormat format, ObjectCompression compression)
    {
        var options = s_options with { Format = format, Compression = compression };
        var manifest = Generate(s_options, "ndjson");
        var other = Generate(options, "a");
        Generate(options, "b");

        var layout = new PartitionLayout(manifest.Layout, manifest.Period);
        Assert.Equal(manifest.Counts, other.Counts);
        Assert.Equal(Records(await InputReading.ReadAsync(_directory.Below("ndjson"), layout)), Records(await InputReading.ReadAsync(_directory.Below("a"), layout)));
        Assert.Equal(InputReading.Bytes(_directory.Below("a")), InputReading.Bytes(_directory.Below("b")));
        Assert.All(Directory.GetFiles(_directory.Below("a"), "part-*", SearchOption.AllDirectories), path => Assert.EndsWith(ObjectExtensions.Of(format, compression), path));

        // What follows from the line differs; a malformed record has nothing else.
        static IEnumerable<string> Records(List<InputLine> lines) => lines.Select(line => line.Delta is { } delta
            ? $"{delta with { Version = 0, Related = [] }} {string.Join('|', delta.Related)}"
            : "malformed");
    }

    [Fact]
    public async Task Manifest_CountsWhatIsThere()
    {
        var manifest = Generate(s_options, "a");

        var lines = await InputReading.ReadAsync(_directory.Below("a"), new PartitionLayout(manifest.Layout, manifest.Period));
        var deltas = lines.Select(line => line.Delta).OfType<CatalogDelta>().ToArray();
        Assert.Equal(lines.Count, manifest.Counts!.Lines);
        Assert.Equal(lines.Select(line => line.Key).Distinct().Count(), manifest.Counts!.Objects);
        Assert.Equal(lines.Count - deltas.Length, manifest.Counts!.Malformed);
        Assert.Equal(deltas.Count(delta => delta.Kind == DeltaKind.Upsert), manifest.Counts!.Upserts);
        Assert.Equal(deltas.Count(delta => delta.Kind == DeltaKind.Delete), manifest.Counts!.Deletes);
        Assert.Equal(deltas.Count(delta => delta.Kind == DeltaKind.Signal), manifest.Counts!.Signals);
        Assert.Equal(deltas.Count(delta => delta.DocumentId.StartsWith(Canaries.Prefix)), manifest.Counts!.Canaries);
        Assert.All([manifest.Counts!.Malformed, manifest.Counts!.Deletes, manifest.Counts!.Signals], count => Assert.True(count > 0));
        Assert.Equal(6, manifest.Counts!.Partitions);
        Assert.Equal("2011-12-01T08:00Z", manifest.FirstPartition);
        Assert.Equal("2011-12-01T08:25Z", manifest.LastPartition);
        Assert.Equal(7, manifest.Seed);
    }

    [Fact]
    public void Manifest_ReadBack_IsTheSame()
    {
        var manifest = Generate(s_options, "a");

        var read = ReadManifest("a");

        Assert.Equal(manifest with { Delays = read.Delays }, read);
        Assert.Equal(manifest.Delays, read.Delays);
    }

    [Fact]
    public async Task EveryDelta_IsOfItsPartition_AndBurstsAreLarger()
    {
        var manifest = Generate(s_options, "a");

        var layout = new PartitionLayout(manifest.Layout, manifest.Period);
        var lines = await InputReading.ReadAsync(_directory.Below("a"), layout);
        Assert.All(lines.Where(line => line.Delta is not null), line => Assert.Equal(
            line.Delta!.Partition,
            PartitionId.Containing(DateTimeOffset.FromUnixTimeMilliseconds(line.Delta.EventTimeMilliseconds), manifest.Period).Name));
        var sizes = lines.GroupBy(line => line.Key[..line.Key.LastIndexOf('/')]).OrderBy(group => group.Key).Select(group => group.Count());
        Assert.Equal([203, 203, 803, 203, 203, 803], sizes);
    }

    [Fact]
    public async Task Canaries_AreSpread_EachOnce_AndNeverLate()
    {
        var manifest = Generate(s_options, "a");

        var lines = await InputReading.ReadAsync(_directory.Below("a"), new PartitionLayout(manifest.Layout, manifest.Period));
        var canaries = lines.Where(line => line.Delta?.DocumentId.StartsWith(Canaries.Prefix) == true).ToArray();
        Assert.Equal(18, canaries.Select(line => line.Delta!.DocumentId).Distinct().Count());
        Assert.Equal(18, canaries.Length);
        Assert.DoesNotContain(canaries, line => line.Key.Contains("late"));
        Assert.Contains(canaries, line => line.Delta!.DocumentId == "canary-2011-12-01T08:00Z-2");
    }

    [Fact]
    public async Task LateObjects_AreInTheManifest_WithTheirDelay()
    {
        var manifest = Generate(s_options, "a");

        var lines = await InputReading.ReadAsync(_directory.Below("a"), new PartitionLayout(manifest.Layout, manifest.Period));
        Assert.NotEmpty(manifest.Delays);
        Assert.Equal(lines.Select(line => line.Key).Where(key => key.EndsWith("part-2-late.ndjson.gz")).Distinct(), manifest.Delays.Keys);
        Assert.All(manifest.Delays.Values, delay => Assert.InRange(delay, manifest.Period, 2 * manifest.Period));
    }

    [Fact]
    public async Task Documents_ComeByZipf()
    {
        var manifest = Generate(new GeneratorOptions { Partitions = 1, RecordsPerPartition = 20_000, Documents = 100, CanariesPerPartition = 0, Compression = ObjectCompression.None }, "a");

        var lines = await InputReading.ReadAsync(_directory.Below("a"), new PartitionLayout(manifest.Layout, manifest.Period));
        var counts = lines.GroupBy(line => line.Delta!.DocumentId).ToDictionary(group => group.Key, group => group.Count());
        Assert.InRange(counts["doc-000000"] / (double)counts["doc-000001"], 1.8, 2.2);
        Assert.InRange(counts["doc-000000"] / 20_000.0, 0.17, 0.22);
    }

    [Fact]
    public void OwnDirectory_IsReplaced()
    {
        Generate(s_options, "a");

        Generate(s_options with { Partitions = 1, Start = s_options.Start.AddDays(1) }, "a");

        Assert.Equal(["dt=2011-12-02", InputManifest.FileName], Directory.GetFileSystemEntries(_directory.Below("a")).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void ForeignDirectory_IsRefused_AndStaysAsItWas()
    {
        File.WriteAllText(_directory.Below("thesis.txt"), "mine");

        var failure = Assert.Throws<HybridException>(() => Generate(s_options, "."));

        Assert.Equal(ExitCodes.WrongCall, failure.ExitCode);
        Assert.Contains("is not empty and holds no hybrid-input.json", failure.Message);
        Assert.Equal([_directory.Below("thesis.txt")], Directory.GetFileSystemEntries(_directory.Root));
    }

    [Fact]
    public void Cancelled_LeavesTheDirectoryAsItWas()
    {
        var manifest = Generate(s_options, "a");
        using var cancelled = new CancellationTokenSource();
        var before = InputReading.Bytes(_directory.Below("a"));

        Assert.Throws<OperationCanceledException>(() => new PartitionGenerator(s_options with { Seed = 9 }).Generate(
            _directory.Below("a"), new Callback(_ => cancelled.Cancel()), cancelled.Token));

        Assert.Equal(before.Keys.Order(), InputReading.Bytes(_directory.Below("a")).Keys.Order());
        Assert.Equal(manifest.Seed, ReadManifest("a").Seed);
    }

    [Fact]
    public void Options_OutOfRange_AreAWrongCall()
    {
        Assert.Equal(ExitCodes.WrongCall, Assert.Throws<HybridException>(() => new PartitionGenerator(s_options with { Documents = 0 })).ExitCode);
        Assert.Equal(ExitCodes.WrongCall, Assert.Throws<HybridException>(() => new PartitionGenerator(s_options with { SignalShare = 0.9 })).ExitCode);
        Assert.Equal(ExitCodes.WrongCall, Assert.Throws<HybridException>(() => new PartitionGenerator(s_options with { Layout = "x" })).ExitCode);
        Assert.Equal(
            ExitCodes.WrongCall,
            Assert.Throws<HybridException>(() => new PartitionGenerator(s_options with { Start = s_options.Start.AddSeconds(1) })).ExitCode);
    }

    private InputManifest Generate(GeneratorOptions options, string name) =>
        new PartitionGenerator(options).Generate(_directory.Below(name), null, default);

    private InputManifest ReadManifest(string name) =>
        JsonSerializer.Deserialize(File.ReadAllText(Path.Combine(_directory.Below(name), InputManifest.FileName)), InputManifestJson.Default.InputManifest)!;

    private sealed class Callback(Action<LoadProgress> report) : IProgress<LoadProgress>
    {
        public void Report(LoadProgress value) => report(value);
    }
}
