using System.Globalization;
using System.Text;
using CsvHelper;
using CsvHelper.Configuration;
using FsCheck;
using FsCheck.Fluent;
using Hybrid.Contracts.Records;
using Hybrid.Pipeline.DeadLetters;
using Hybrid.Pipeline.Formats;
using Hybrid.Pipeline.Formats.Csv;
using Hybrid.Pipeline.Lines;

namespace Hybrid.Unit.Tests.Formats;

public sealed class CsvTests
{
    private const string Header = "documentId,kind,eventTime,title,price,quantity,related\n";

    [Fact]
    public async Task Row_WithEveryField_IsTheDelta()
    {
        var record = Assert.Single(await Objects.ReadAsync(
            "part-3.csv", Header + "85123A,signal,2011-12-01T08:06:07.089Z,\"T \"\"x\"\", ü\",2.55,-6,a|b\n"));

        var delta = record.Delta!;
        Assert.Equal(("85123A", DeltaKind.Signal, "T \"x\", ü", 2.55, -6L), (delta.DocumentId, delta.Kind, delta.Title, delta.Price, delta.Quantity));
        Assert.Equal(["a", "b"], delta.Related);
        Assert.Equal(DeltaVersion.Create(delta.EventTimeMilliseconds, 0, line: 2, objectOrdinal: 3), delta.Version);
        Assert.Equal(Objects.Partition, delta.Partition);
        Assert.Equal(new DateTimeOffset(2011, 12, 1, 8, 6, 7, 89, TimeSpan.Zero).ToUnixTimeMilliseconds(), delta.EventTimeMilliseconds);
    }

    [Fact]
    public async Task Cell_WithNothing_IsNoValue_AndQuotesAreAnEmptyText()
    {
        var records = await Objects.ReadAsync("a.csv", Header + "a,upsert,1322726400000,,,,\nb,upsert,1322726400000,\"\",\"\",\"\",\"\"\n");

        Assert.Equal([null, ""], records.Select(record => record.Delta!.Title));
        Assert.All(records, record => Assert.Equal((null, null, 0), (record.Delta!.Price, record.Delta.Quantity, record.Delta.Related.Length)));
    }

    [Fact]
    public async Task Rows_CarryTheLineThatTheyBeginIn()
    {
        var records = await Objects.ReadAsync(
            "a.csv", "\uFEFF" + Header.TrimEnd() + "\r\n\r\na,upsert,1322726400000,\"two\r\nlines\",,,\r\nb,upsert,1322726400000,,,,\n\nc,upsert,1322726400000,,,,");

        Assert.Equal(["3:a", "5:b", "7:c"], records.Select(record => record.ToString()));
        Assert.Equal("two\r\nlines", records[0].Delta!.Title);
        Assert.Equal("a,upsert,1322726400000,\"two\r\nlines\",,,", records[0].Text);
    }

    [Theory]
    [InlineData("a,upsert,1322726400000,,,", ErrorClasses.MalformedCsv, null)]
    [InlineData("a,upsert,1322726400000,,,,,", ErrorClasses.MalformedCsv, null)]
    [InlineData("a,upsert,1322726400000,\"x\"y,,,", ErrorClasses.MalformedCsv, 27L)]
    [InlineData("a,upsert,1322726400000,\"x,,,", ErrorClasses.MalformedCsv, 24L)]
    [InlineData("a,merge,1322726400000,,,,", ErrorClasses.UnknownKind, 3L)]
    [InlineData(",upsert,1322726400000,,,,", ErrorClasses.MissingField, null)]
    [InlineData("a,upsert,,,,,", ErrorClasses.MissingField, null)]
    [InlineData("a,upsert,yesterday,,,,", ErrorClasses.WrongType, 10L)]
    [InlineData("a,upsert,2011-12-01T08:00:00,,,,", ErrorClasses.WrongType, 10L)]
    [InlineData("a,upsert,1,,,,", ErrorClasses.OutOfRange, 10L)]
    [InlineData("a,upsert,1322726400000,,\"1,99\",,", ErrorClasses.WrongType, 25L)]
    [InlineData("a,upsert,1322726400000,,1e999,,", ErrorClasses.OutOfRange, 25L)]
    [InlineData("a,upsert,1322726400000,,,1.5,", ErrorClasses.WrongType, 26L)]
    [InlineData("a,upsert,1322726400000,,,99999999999999999999,", ErrorClasses.WrongType, 26L)]
    public async Task Row_ThatIsNoDelta_IsOneDeadLetterWithItsBytesLineAndColumn(string row, string errorClass, long? column)
    {
        var records = await Objects.ReadAsync("a.csv", $"{Header}{row}\nb,upsert,1322726400000,,,,\n");

        Assert.Equal([$"2:{errorClass}", "3:b"], records.Select(record => record.ToString()));
        Assert.Equal(row, records[0].Text);
        Assert.Equal(column, records[0].Error!.Column);
    }

    [Theory]
    [InlineData("a.csv", "\uFEFF\n\ndocumentId,kind,eventTime,\"a\nb\"\r\n", "documentId,kind,eventTime,\"a\nb\"")]
    [InlineData("a.ndjson", "{}\n", "")]
    public async Task Header_IsHandedOutAsItWas(string key, string begin, string header)
    {
        await using var reader = new ObjectRecordReader(new MemoryStream(Encoding.UTF8.GetBytes(begin + "x,upsert,1,\n")), key, Objects.Partition);
        Assert.True(reader.CsvHeader.IsEmpty);

        while (await reader.ReadAsync(default))
        {
            Assert.Equal(header, Encoding.UTF8.GetString(reader.CsvHeader.Span));
        }
    }

    [Fact]
    public async Task Row_ThatIsNotUtf8_KeepsItsBytes()
    {
        byte[] row = [.. "a,upsert,1322726400000,"u8, 0xff, .. ",,,"u8];
        await using var reader = new ObjectRecordReader(new MemoryStream([.. Encoding.UTF8.GetBytes(Header), .. row]), "a.csv", Objects.Partition);

        Assert.True(await reader.ReadAsync(default));
        Assert.False(reader.TryParse(out _, out var error));
        Assert.Equal((ErrorClasses.InvalidUtf8, 24L), (error.Class, error.Column));
        Assert.Equal(row, reader.Line.ToArray());
    }

    [Theory]
    [InlineData("documentId,kind\n", "the header has no column 'eventTime'")]
    [InlineData("documentId,kind,eventTime,kind\n", "the header has the column 'kind' twice")]
    [InlineData("documentId,\"kind,eventTime\n", "its header row cannot be read")]
    public async Task Header_ThatDoesNotServe_IsOneDamage(string header, string message)
    {
        var damage = await Assert.ThrowsAsync<CorruptObjectException>(() => Objects.ReadAsync("dt=x/a.csv", header + "a,b,c\n"));
        Assert.Contains(message, damage.Message);
        Assert.Contains("dt=x/a.csv", damage.Message);
    }

    [Theory]
    [InlineData("")]
    [InlineData("documentId,kind,eventTime")]
    [InlineData("documentId,kind,eventTime\n\n\n")]
    public async Task Object_WithoutRows_HasNone(string content) => Assert.Empty(await Objects.ReadAsync("a.csv", content));

    [Theory]
    [InlineData("\n", 0, false)]
    [InlineData("\r\n", 0, false)]
    [InlineData("", 0, false)]
    [InlineData("\n", 1, true)]
    [InlineData("\r\n", 1, true)]
    [InlineData("", 1, true)]
    [InlineData("\n", 50_000, true)]
    [InlineData("\r\n", 50_000, true)]
    public async Task Row_OfTheLimit_IsNotTooLong_AndOneByteMoreIs(string end, int more, bool tooLong)
    {
        var settings = new FormatSettings { MaxLineBytes = 5_000 };
        const string Begin = "a,upsert,1322726400000,";
        var row = Begin + new string('x', 5_000 - Begin.Length - 3 + more) + ",,,";
        var records = await Objects.ReadAsync("a.csv", new PiecemealStream(Encoding.UTF8.GetBytes(Header + row + end + (end == "" ? "" : "b,upsert,1322726400000,,,,")), 999), settings);

        Assert.Equal(end == "" ? 1 : 2, records.Count);
        Assert.Equal(tooLong ? ErrorClasses.LineTooLong : "a", records[0].Error?.Class ?? records[0].Delta!.DocumentId);
        Assert.Equal((5_000 + more, tooLong ? ObjectLineReader.KeptBytes : 5_000), (records[0].Length, records[0].Text.Length));
        Assert.Equal(end == "" ? [] : ["3:b"], records.Skip(1).Select(record => record.ToString()));
    }

    [Fact]
    public async Task Quote_ThatIsNeverClosed_CostsItsLineOnly()
    {
        var rows = Enumerable.Range(0, 1_000).Select(i => $"doc-{i},upsert,1322726400000,{(i == 10 ? "\"" : "")},,,\n");
        foreach (var settings in (FormatSettings[])[new(), new() { MaxLineBytes = 4_096 }])
        {
            var records = await Objects.ReadAsync("a.csv", Header + string.Concat(rows), settings);

            Assert.Equal(1_000, records.Count);
            var bad = Assert.Single(records, record => record.Delta is null);
            Assert.Equal(("12:malformed-csv", "doc-10,upsert,1322726400000,\",,,", 29L), (bad.ToString(), bad.Text, bad.Error!.Column));
        }
    }

    [Fact]
    public void AnyTable_InAnyPieces_ReadsAsTheReferenceParserReadsIt()
    {
        var cell = Gen.ArrayOf(Gen.Elements("a", "ü", ",", ";", "\"", "\n", "\r\n", " ", "x\ty", "0")).Select(string.Concat);
        var table = Gen.ArrayOf(Gen.ArrayOf(cell, 3)).ToArbitrary();
        Prop.ForAll(table, Gen.Choose(1, 60).ToArbitrary(), Gen.Elements(",", ";").ToArbitrary(), (rows, piece, separator) =>
        {
            var format = new CsvConfiguration(CultureInfo.InvariantCulture) { Delimiter = separator, NewLine = "\n", ShouldQuote = _ => true, HasHeaderRecord = false };
            var text = new StringWriter();
            using (var writer = new CsvWriter(text, format))
            {
                foreach (var row in rows.Prepend(["title", "category", "campaign"]))
                {
                    foreach (var field in row)
                    {
                        writer.WriteField(field);
                    }

                    writer.WriteField("id");
                    writer.WriteField("1322726400000");
                    writer.NextRecord();
                }
            }

            var content = text.ToString().Replace("\"id\"" + separator + "\"1322726400000\"\n", "id" + separator + "1322726400000\n");
            content = content[..content.IndexOf('\n')].Replace("1322726400000", "time") + content[content.IndexOf('\n')..];
            var settings = new FormatSettings { Mapping = Mapping(separator) };
            var read = Objects.ReadAsync("a.csv", new PiecemealStream(Encoding.UTF8.GetBytes(content), piece), settings).GetAwaiter().GetResult();
            using var reference = new CsvParser(new StringReader(content), format);
            Assert.True(reference.Read());
            foreach (var record in read)
            {
                Assert.True(reference.Read());
                Assert.Null(record.Error);
                Assert.Equal((reference[0], reference[1], reference[2]), (record.Delta!.Title, record.Delta.Category, record.Delta.Campaign));
            }

            Assert.False(reference.Read());
            Assert.Equal(rows.Length, read.Count);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void AnyBytes_AreReadToTheEnd_AndEveryLineIsAccountedFor()
    {
        var lines = Gen.ArrayOf(Gen.ArrayOf(Gen.Elements((byte)'a', (byte)'"', (byte)',', (byte)'\n', (byte)'\r', (byte)0xff)));
        Prop.ForAll(lines.ToArbitrary(), Gen.Choose(1, 9).ToArbitrary(), (content, piece) =>
        {
            var body = content.SelectMany(bytes => bytes).ToArray();
            var records = Objects.ReadAsync("a.csv", new PiecemealStream([.. Encoding.UTF8.GetBytes(Header), .. body], piece)).GetAwaiter().GetResult();
            Assert.All(records, record => Assert.NotNull(record.Error));
            Assert.Equal(records.Select(record => record.Line).Distinct().Order(), records.Select(record => record.Line));
            // What is in no record is the ends of rows and empty rows.
            Assert.Equal(body.LongCount(b => b is (byte)'a' or (byte)',' or 0xff), records.Sum(record => record.Text.LongCount(c => c is 'a' or ',' or '\uFFFD')));
        }).QuickCheckThrowOnFailure();
    }

    private static CsvMapping Mapping(string separator) => new()
    {
        Separator = separator,
        Fields = new Dictionary<string, CsvFieldMapping>
        {
            ["documentId"] = new() { Column = "id" },
            ["eventTime"] = new() { Column = "time" },
            ["kind"] = new() { Constant = "upsert" },
            ["title"] = new() { Column = "title" },
            ["category"] = new() { Column = "category" },
            ["campaign"] = new() { Column = "campaign" },
        },
    };
}
