using System.Text;
using Hybrid.Contracts.Records;
using Hybrid.Pipeline.DeadLetters;
using Hybrid.Pipeline.Formats;
using Hybrid.Pipeline.Formats.Csv;
using Hybrid.Pipeline.Lines;
using Hybrid.Publisher.DeadLetters;

namespace Hybrid.Unit.Tests.Operating;

public sealed class LetterParserTests
{
    private const string Header = "documentId;kind;eventTime;title;price";
    private const string Row = "a;upsert;1322726400000;t;2,5";
    private const string JsonLine = """{"documentId":"a","kind":"upsert","eventTime":1322726400000,"title":"t","price":2.5}""";

    private static readonly SourcePosition Place = new("2011-12-01T08:00Z", 3, 7, 40_000);
    private static readonly FormatSettings German = new() { Mapping = new CsvMapping { Separator = ";", DecimalSeparator = "," } };

    [Theory]
    [InlineData("dt=1/part-7.csv.gz")]
    [InlineData("dt=1/part-7")]
    public async Task CsvRow_IsReadUnderItsHeader_WithThePlaceOfItsLine(string key)
    {
        var (delta, error) = await ParseAsync(Letter(key, Row, Header));

        Assert.Null(error);
        Assert.Equal(("a", "t", 2.5, Place.Partition), (delta!.DocumentId, delta.Title, delta.Price, delta.Partition));
        Assert.Equal(DeltaVersion.Create(1322726400000, 3, Place.Line, Place.ObjectOrdinal), delta.Version);
    }

    [Fact]
    public async Task CsvRow_WithLineFeeds_AndLongerThanAnyBuffer_IsOne()
    {
        var title = $"1\n2\r\n{new string('x', 300_000)}";

        var (delta, _) = await ParseAsync(Letter("a.csv", $"a;upsert;1322726400000;\"{title}\";", Header));

        Assert.Equal(title, delta!.Title);
    }

    [Theory]
    [InlineData("a;upsert;1322726400000;t;2.5", Header, ErrorClasses.WrongType, "price")]
    [InlineData("a;upsert", Header, ErrorClasses.MalformedCsv, "2 fields where the header has 5")]
    [InlineData("a;upsert;1322726400000;\"t;2,5", Header, ErrorClasses.MalformedCsv, "quote")]
    [InlineData(Row + "\n" + Row, Header, ErrorClasses.MalformedCsv, "more than one row")]
    [InlineData("", Header, ErrorClasses.MalformedCsv, "no row")]
    [InlineData(Row, "documentId;kind;when;title;price", ErrorClasses.CorruptObject, "the header has no column 'eventTime'")]
    [InlineData(Row, null, ErrorClasses.WrongType, "does not hold the header row")]
    public async Task CsvRow_ThatIsNoDelta_SaysWhy(string row, string? header, string errorClass, string message)
    {
        var (delta, error) = await ParseAsync(Letter("a.csv", row, header));

        Assert.Null(delta);
        Assert.Equal(errorClass, error!.Class);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(JsonLine, Header)]
    [InlineData(JsonLine, null)]
    [InlineData(Row, Header)]
    public async Task CorrectionOfACsvRow_IsJson_OrARowUnderItsHeader(string corrected, string? header)
    {
        var (delta, _) = await ParseAsync(Letter("a.csv", "a;upsert;yesterday;t;2,5", header), corrected);

        Assert.Equal(("a", 2.5), (delta!.DocumentId, delta.Price));
    }

    [Fact]
    public async Task CsvRow_ThatBeginsWithABrace_IsARow_UnlessItWasEdited()
    {
        var row = "{" + Row;

        Assert.Equal("{a", (await ParseAsync(Letter("a.csv", row, Header))).Delta!.DocumentId);
        Assert.Equal("{a", (await ParseAsync(Letter("a.csv", row, Header), row)).Delta!.DocumentId);
        Assert.Equal(ErrorClasses.MalformedJson, (await ParseAsync(Letter("a.csv", row, Header), row + "0")).Error!.Class);
        Assert.Equal("{a", (await ParseAsync(Letter("a.csv", row, Header), $"\"{{a\"{Row[1..]}")).Delta!.DocumentId);
    }

    [Theory]
    [InlineData("a.avro", ErrorClasses.WrongType)]
    [InlineData("a", ErrorClasses.CorruptBlock)]
    public async Task AvroRecord_StaysDead_UnlessItIsCorrectedToJson(string key, string errorClass)
    {
        var letter = Letter(key, JsonLine, null) with { ErrorClass = errorClass };

        var (_, error) = await ParseAsync(letter);

        Assert.Equal(errorClass, error!.Class);
        Assert.Contains("Avro", error.Message, StringComparison.Ordinal);
        Assert.NotNull((await ParseAsync(letter, JsonLine)).Delta);
    }

    [Theory]
    [InlineData("a.ndjson.gz")]
    [InlineData("a")]
    public async Task JsonLine_IsReadAsSuch(string key) => Assert.NotNull((await ParseAsync(Letter(key, JsonLine, null))).Delta);

    private static ValueTask<(CatalogDelta? Delta, LineError? Error)> ParseAsync(StoredLetter letter, string? corrected = null) =>
        new LetterParser(German).ParseAsync(letter, corrected is null ? null : Encoding.UTF8.GetBytes(corrected), Place, default);

    private static StoredLetter Letter(string key, string content, string? header) => new()
    {
        Position = default,
        Written = default,
        Content = Encoding.UTF8.GetBytes(content),
        ErrorClass = ErrorClasses.WrongType,
        Error = "",
        ObjectKey = key,
        CsvHeader = header is null ? null : Encoding.UTF8.GetBytes(header),
    };
}
