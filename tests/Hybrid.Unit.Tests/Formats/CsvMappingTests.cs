using Hybrid.Contracts.Records;
using Hybrid.Pipeline.Formats;
using Hybrid.Pipeline.Formats.Csv;
using Hybrid.Pipeline.Hosting;
using Hybrid.Unit.Tests.Load;

namespace Hybrid.Unit.Tests.Formats;

public sealed class CsvMappingTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    [Fact]
    public async Task Mapping_GivesColumnsRulesConstantsTimesAndNumbersTheirMeaning()
    {
        var settings = Load("""
            {
              // A shop's export.
              "separator": ";",
              "decimalSeparator": ",",
              "groupSeparator": ".",
              "trim": true,
              "fields": {
                "documentId": { "column": "Artikel" },
                "eventTime": { "column": "Zeit", "formats": ["dd.MM.yyyy HH:mm:ss", "epoch-seconds"], "offset": "+01:00" },
                "kind": { "rules": [
                  { "column": "Aktiv", "equals": "nein", "kind": "delete" },
                  { "column": "Beleg", "startsWith": "R", "kind": "signal" },
                  { "kind": "upsert" } ] },
                "price": { "column": "Preis" },
                "quantity": { "column": "Menge" },
                "campaign": { "constant": "winter" },
                "related": { "column": "Korb", "separator": ", " },
              }
            }
            """);
        var records = await Objects.ReadAsync(
            "a.csv",
            """
            Beleg;Artikel;Zeit;Aktiv;Preis;Menge;Korb;Notiz
            B1; 47 ;25.03.2012 02:30:00;ja;1.234,50;-1.000;;x
            R2;11;1332637200;ja;0,99;2;"47, 12";
            B3;12;25.03.2012 03:30:00;nein;;;;
            B4;13;2012-03-25T01:30:00Z;ja;;;;
            """,
            settings);

        var sale = records[0].Delta!;
        Assert.Equal(("47", DeltaKind.Upsert, 1234.5, -1000L, "winter"), (sale.DocumentId, sale.Kind, sale.Price, sale.Quantity, sale.Campaign));
        // 02:30 does not exist in Berlin on this day; at a fixed offset it does.
        Assert.Equal(new DateTimeOffset(2012, 3, 25, 1, 30, 0, TimeSpan.Zero).ToUnixTimeMilliseconds(), sale.EventTimeMilliseconds);
        Assert.Equal(DeltaKind.Signal, records[1].Delta!.Kind);
        Assert.Equal(["47", "12"], records[1].Delta!.Related);
        Assert.Equal(1332637200_000, records[1].Delta!.EventTimeMilliseconds);
        Assert.Equal(DeltaKind.Delete, records[2].Delta!.Kind);
        Assert.Equal("eventTime is '2012-03-25T01:30:00Z', not dd.MM.yyyy HH:mm:ss or epoch-seconds", records[3].Error!.Message);
    }

    [Fact]
    public async Task Values_GiveTheColumnsKind_AndOthersAreErrors()
    {
        var settings = Load("""
            { "fields": { "documentId": { "column": "id" }, "eventTime": { "column": "t" },
                          "kind": { "column": "op", "values": { "U": "upsert", "D": "delete", "": "signal" } } } }
            """);
        var records = await Objects.ReadAsync("a.csv", "id,t,op\na,1322726400000,U\nb,1322726400000,D\nc,1322726400000,\nd,1322726400000,X\n", settings);

        Assert.Equal([DeltaKind.Upsert, DeltaKind.Delete, DeltaKind.Signal, null], records.Select(record => record.Delta?.Kind));
        Assert.Equal("no rule of the mapping gives the row a kind", records[3].Error!.Message);
    }

    [Theory]
    [InlineData("{", "is not one")]
    [InlineData("""{ "seperator": ";" }""", "seperator")]
    [InlineData("""{ "separator": ";;" }""", "separator is one ASCII character")]
    [InlineData("""{ "separator": "\"" }""", "two different characters")]
    [InlineData("""{ "decimalSeparator": ",", "groupSeparator": "," }""", "decimalSeparator")]
    [InlineData("""{ "fields": { "kind": { "constant": "upsert" } } }""", "lacks documentId")]
    [InlineData("""{ "fields": { "sku": { "column": "a" } } }""", "no field 'sku'")]
    [InlineData("""{ "fields": { "documentId": { "column": "a", "constant": "b" } } }""", "exactly one")]
    [InlineData("""{ "fields": { "documentId": { "constant": "b" } } }""", "cannot be a constant")]
    [InlineData("""{ "fields": { "kind": { "constant": "merge" } } }""", "not upsert, delete or signal")]
    [InlineData("""{ "fields": { "price": { "column": "a", "formats": ["iso"] } } }""", "only the eventTime")]
    [InlineData("""{ "fields": { "documentId": { "column": "a" }, "kind": { "rules": [ { "equals": "x", "kind": "upsert" } ] }, "eventTime": { "column": "t" } } }""", "a rule of fields.kind")]
    [InlineData("""{ "fields": { "documentId": { "column": "a" }, "kind": { "constant": "upsert" }, "eventTime": { "column": "t", "formats": ["yyyy-mm-dd"] } } }""", "'yyyy-mm-dd'")]
    [InlineData("""{ "fields": { "documentId": { "column": "a" }, "kind": { "constant": "upsert" }, "eventTime": { "column": "t", "formats": ["yyyy-MM-dd hh:mm"] } } }""", "'yyyy-MM-dd hh:mm'")]
    [InlineData("""{ "fields": { "documentId": { "column": "a" }, "kind": { "constant": "upsert" }, "eventTime": { "column": "t", "offset": "CET" } } }""", "'CET'")]
    public void Mapping_WithAMistake_IsOneLineThatNamesIt(string json, string expected)
    {
        var mistake = Assert.Throws<HybridException>(() => Load(json));
        Assert.Equal(ExitCodes.WrongCall, mistake.ExitCode);
        Assert.Contains(expected, mistake.Message);
        Assert.DoesNotContain('\n', mistake.Message);
    }

    [Fact]
    public void Mapping_ThatIsNotThere_SaysWhichOptionToCorrect() =>
        Assert.Contains("Source:Mapping", Assert.Throws<HybridException>(() => CsvMapping.Load(_directory.Below("none.json"))).Message);

    public void Dispose() => _directory.Dispose();

    private FormatSettings Load(string json)
    {
        var path = _directory.Below("mapping.json");
        File.WriteAllText(path, json);
        return FormatSettings.Of(new SourceOptions { Mapping = path });
    }
}
