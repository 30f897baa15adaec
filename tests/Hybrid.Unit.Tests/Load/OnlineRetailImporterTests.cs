using System.IO.Compression;
using System.Text;
using Hybrid.Comparison.Load;
using Hybrid.Comparison.Load.Import;
using Hybrid.Contracts.Partitions;
using Hybrid.Contracts.Records;
using Hybrid.Pipeline.Hosting;

namespace Hybrid.Unit.Tests.Load;

public sealed class OnlineRetailImporterTests : IDisposable
{
    private const string Header = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n";

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Sale_GivesAnUpsertAndASignal_WithTheRestOfItsBasket()
    {
        Day("2010-12-01",
            "536365,85123A,WHITE HANGING HEART,6,2010-12-01 08:26:00,2.55,17850.0,United Kingdom",
            "536365,71053,\"LANTERN, METAL\",8,2010-12-01 08:26:00,3.39,17850.0,United Kingdom",
            "536366,22633,HAND WARMER,1,2010-12-01 08:28:00,1.85,,United Kingdom");

        var (manifest, lines) = await ImportAsync();

        Assert.Equal(
            ["upsert 85123A", "signal 85123A", "upsert 71053", "signal 71053", "upsert 22633", "signal 22633"],
            lines.Select(line => $"{line.Delta!.Kind.ToString().ToLowerInvariant()} {line.Delta.DocumentId}"));
        var upsert = lines[2].Delta!;
        Assert.Equal("LANTERN, METAL", upsert.Title);
        Assert.Equal(3.39, upsert.Price);
        Assert.Equal(8, upsert.Quantity);
        Assert.Empty(upsert.Related);
        var signal = lines[3].Delta!;
        Assert.Equal(8, signal.Quantity);
        Assert.Equal(3.39, signal.Price);
        Assert.Equal(["85123A"], signal.Related);
        Assert.Null(signal.Title);
        Assert.Empty(lines[5].Delta!.Related);
        Assert.Equal("2010-12-01T08:25Z", manifest.FirstPartition);
        Assert.Equal(manifest.FirstPartition, manifest.LastPartition);
        Assert.Equal(new ImportCounts { Read = 3, Sales = 3, Cancellations = 0, Nonsense = 0 }, manifest.Imported);
    }

    [Fact]
    public async Task Cancellation_IsASignalWithANegativeQuantity_AndNoUpsert()
    {
        Day("2010-12-01", "C536379,D,Discount,-1,2010-12-01 09:41:00,27.5,14527.0,United Kingdom");

        var (manifest, lines) = await ImportAsync();

        var delta = Assert.Single(lines).Delta!;
        Assert.Equal(DeltaKind.Signal, delta.Kind);
        Assert.Equal(-1, delta.Quantity);
        Assert.Equal(1, manifest.Imported!.Cancellations);
    }

    [Theory]
    [InlineData("536414,22139,,56,2010-12-01 11:52:00,0.0,,United Kingdom")]
    [InlineData("536414,22139,  ,56,2010-12-01 11:52:00,1.0,,United Kingdom")]
    [InlineData("536414,,LANTERN,56,2010-12-01 11:52:00,1.0,,United Kingdom")]
    [InlineData(",22139,LANTERN,56,2010-12-01 11:52:00,1.0,,United Kingdom")]
    [InlineData("536414,22139,LANTERN,56,2010-12-01 11:52:00,0.0,,United Kingdom")]
    [InlineData("536414,22139,LANTERN,56,2010-12-01 11:52:00,-11062.06,,United Kingdom")]
    [InlineData("536414,22139,LANTERN,many,2010-12-01 11:52:00,1.0,,United Kingdom")]
    [InlineData("536414,22139,LANTERN,56,2010-12-01 11:52:00,NaN,,United Kingdom")]
    [InlineData("536414,22139,LANTERN,-56,2010-12-01 11:52:00,1.0,,United Kingdom")]
    [InlineData("536414,22139,LANTERN,0,2010-12-01 11:52:00,1.0,,United Kingdom")]
    [InlineData("C536414,22139,LANTERN,56,2010-12-01 11:52:00,1.0,,United Kingdom")]
    [InlineData("536414,22139,LANTERN,56,2010-12-01 11:52:00,1.0,,\"United \"\"Kingdom\"\"\",more")]
    [InlineData("536414,22139")]
    public async Task LineThatMakesNoSense_IsKeptAsItWas_AndIsNoDelta(string line)
    {
        Day("2010-12-01", line);

        var (manifest, lines) = await ImportAsync();

        var kept = Assert.Single(lines);
        Assert.Null(kept.Delta);
        Assert.Equal(line, kept.Text);
        Assert.Equal(line.Contains("11:52") ? "2010-12-01T11:50Z" : "2010-12-01T00:00Z", manifest.FirstPartition);
        Assert.Equal(1, manifest.Imported!.Nonsense);
        Assert.Equal(1, manifest.Counts!.Malformed);
    }

    [Fact]
    public async Task LineFeedWithinAField_StaysOneLine()
    {
        Day("2010-12-01", "536414,22139,\"two\nlines\",x,2010-12-01 11:52:00,1.0,,United Kingdom");

        var (_, lines) = await ImportAsync();

        Assert.Equal("536414,22139,\"two lines\",x,2010-12-01 11:52:00,1.0,,United Kingdom", Assert.Single(lines).Text);
    }

    [Fact]
    public async Task Days_AreThoseFromToInclusive()
    {
        foreach (var day in new[] { "2010-12-01", "2010-12-02", "2010-12-03", "2010-12-05" })
        {
            Day(day, $"1,{day},LANTERN,1,{day} 10:00:00,1.0,,UK");
        }

        var (manifest, lines) = await ImportAsync(new DateOnly(2010, 12, 2), new DateOnly(2010, 12, 4));

        Assert.Equal(["2010-12-02", "2010-12-03"], lines.Select(line => line.Delta!.DocumentId).Distinct());
        Assert.Equal(289, manifest.Counts!.Partitions);
    }

    [Fact]
    public async Task PartitionOverMidnight_TakesLinesOfBothDays()
    {
        Day("2010-12-01", "1,A,LANTERN,1,2010-12-01 23:59:59,1.0,,UK");
        Day("2010-12-02", "2,B,LANTERN,1,2010-12-02 00:00:00,1.0,,UK");

        var (manifest, lines) = await ImportAsync(period: TimeSpan.FromMinutes(7), layout: "dt={yyyy-MM-dd}/at={HHmm}/");

        Assert.Equal(4, lines.Count);
        Assert.Equal(1, manifest.Counts!.Partitions);
        Assert.Equal(2, manifest.Counts!.Objects);
    }

    [Fact]
    public async Task SameInput_GivesTheSameBytes()
    {
        Day("2010-12-01", "536365,85123A,WHITE HANGING HEART,6,2010-12-01 08:26:00,2.55,17850.0,United Kingdom");
        await ImportAsync();
        var first = InputReading.Bytes(_directory.Below("out"));

        await ImportAsync();

        var second = InputReading.Bytes(_directory.Below("out"));
        Assert.All(first, file => Assert.Equal(file.Value, second[file.Key]));
    }

    [Fact]
    public async Task InputThatIsNotThere_IsAWrongCall()
    {
        var failure = await Assert.ThrowsAsync<HybridException>(() => ImportAsync());

        Assert.Equal(ExitCodes.WrongCall, failure.ExitCode);
        Assert.EndsWith("does not exist: give the one with the files YYYY-MM-DD.csv.gz", failure.Message);
        Assert.False(Directory.Exists(_directory.Below("out")));
    }

    [Fact]
    public async Task DirectoryWithoutDays_IsAWrongCall()
    {
        Directory.CreateDirectory(_directory.Below("in"));

        var failure = await Assert.ThrowsAsync<HybridException>(() => ImportAsync());

        Assert.Contains("holds no file YYYY-MM-DD.csv.gz", failure.Message);
    }

    [Fact]
    public async Task AnotherHeader_IsAWrongCall()
    {
        Directory.CreateDirectory(_directory.Below("in"));
        File.WriteAllText(Path.Combine(_directory.Below("in"), "2010-12-01.csv"), "a,b\n1,2\n");

        var failure = await Assert.ThrowsAsync<HybridException>(() => ImportAsync());

        Assert.Contains("it is not of the online retail data set", failure.Message);
    }

    [Fact]
    public async Task TruncatedArchive_IsAWrongCall_AndLeavesNothing()
    {
        Day("2010-12-01", [.. Enumerable.Range(0, 5_000).Select(i => $"{i},{i * 7919 % 104729},LANTERN,1,2010-12-01 10:00:00,1.0,,UK")]);
        var path = Path.Combine(_directory.Below("in"), "2010-12-01.csv.gz");
        File.WriteAllBytes(path, File.ReadAllBytes(path)[..^100]);

        var failure = await Assert.ThrowsAsync<HybridException>(() => ImportAsync());

        Assert.Contains("is truncated or damaged after", failure.Message);
        Assert.Empty(Directory.GetFileSystemEntries(_directory.Below("out")));
    }

    private void Day(string day, params string[] lines)
    {
        Directory.CreateDirectory(_directory.Below("in"));
        using var gzip = new GZipStream(File.Create(Path.Combine(_directory.Below("in"), $"{day}.csv.gz")), CompressionLevel.Fastest);
        gzip.Write(Encoding.UTF8.GetBytes(Header + string.Join('\n', lines) + "\n"));
    }

    private async Task<(InputManifest Manifest, List<InputLine> Lines)> ImportAsync(
        DateOnly? from = null, DateOnly? to = null, TimeSpan? period = null, string layout = PartitionLayout.DefaultTemplate)
    {
        var options = new ImportOptions
        {
            InputDirectory = _directory.Below("in"),
            From = from,
            To = to,
            Period = period ?? TimeSpan.FromMinutes(5),
            Layout = layout,
        };
        var manifest = await new OnlineRetailImporter(options).ImportAsync(_directory.Below("out"), null, default);
        return (manifest, await InputReading.ReadAsync(_directory.Below("out"), new PartitionLayout(layout, options.Period)));
    }
}
