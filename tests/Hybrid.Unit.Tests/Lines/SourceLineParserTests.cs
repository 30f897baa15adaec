using System.Buffers;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Hybrid.Contracts.Records;
using Hybrid.Pipeline.DeadLetters;
using Hybrid.Pipeline.Lines;

namespace Hybrid.Unit.Tests.Lines;

public sealed class SourceLineParserTests
{
    private static readonly SourcePosition s_position = new("2011-12-01T08:05Z", 1, 2, 17);

    [Fact]
    public void Line_WithEveryField_IsTheDelta()
    {
        var delta = Parse(
            """{"documentId":"85123A","kind":"signal","eventTime":"2011-12-01T08:06:07.089Z","title":"T \"x\" ü","category":"c","price":2.55,"quantity":-6,"campaign":"xmas","related":["a","b"]}""");

        Assert.Equal("85123A", delta.DocumentId);
        Assert.Equal(DeltaKind.Signal, delta.Kind);
        Assert.Equal(new DateTimeOffset(2011, 12, 1, 8, 6, 7, 89, TimeSpan.Zero).ToUnixTimeMilliseconds(), delta.EventTimeMilliseconds);
        Assert.Equal(DeltaVersion.Create(delta.EventTimeMilliseconds, 1, 17, 2), delta.Version);
        Assert.Equal("2011-12-01T08:05Z", delta.Partition);
        Assert.Equal("T \"x\" ü", delta.Title);
        Assert.Equal("c", delta.Category);
        Assert.Equal(2.55, delta.Price);
        Assert.Equal(-6, delta.Quantity);
        Assert.Equal("xmas", delta.Campaign);
        Assert.Equal(["a", "b"], delta.Related);
    }

    [Fact]
    public void UnknownFields_AreIgnored()
    {
        var delta = Parse("""{"x":{"kind":[1,{}]},"documentId":"a","y":[null],"kind":"delete","eventTime":1322726400000,"z":1e999}""");

        Assert.Equal(DeltaKind.Delete, delta.Kind);
    }

    [Fact]
    public void NullAttributes_AreAsIfNotGiven()
    {
        var delta = Parse("""{"documentId":"a","kind":"upsert","eventTime":1322726400000,"title":null,"price":null,"quantity":null,"related":null}""");

        Assert.Null(delta.Title);
        Assert.Null(delta.Price);
        Assert.Null(delta.Quantity);
        Assert.Empty(delta.Related);
    }

    [Theory]
    [InlineData("1322727300000")]
    [InlineData("\"2011-12-01T08:15:00Z\"")]
    [InlineData("\"2011-12-01T09:15:00+01:00\"")]
    [InlineData("\"2011-12-01T08:15:00.000Z\"")]
    public void EventTime_InEveryForm_IsTheSameInstant(string eventTime) =>
        Assert.Equal(1322727300000, Parse($$"""{"documentId":"a","kind":"upsert","eventTime":{{eventTime}}}""").EventTimeMilliseconds);

    [Theory]
    [InlineData("", ErrorClasses.MalformedJson)]
    [InlineData("null", ErrorClasses.MalformedJson)]
    [InlineData("[]", ErrorClasses.MalformedJson)]
    [InlineData("{", ErrorClasses.MalformedJson)]
    [InlineData("{\"documentId\":\"a\",", ErrorClasses.MalformedJson)]
    [InlineData("{\"related\":[\"a\"", ErrorClasses.MalformedJson)]
    [InlineData("{'documentId':'a'}", ErrorClasses.MalformedJson)]
    [InlineData("{\"price\":NaN}", ErrorClasses.MalformedJson)]
    [InlineData("{\"documentId\":\"a\",\"kind\":\"upsert\",\"eventTime\":1322726400000} x", ErrorClasses.MalformedJson)]
    [InlineData("{\"documentId\":\"a\",\"kind\":\"upsert\",\"eventTime\":1322726400000}{}", ErrorClasses.MalformedJson)]
    [InlineData("{\"documentId\":\"\\ud800\",\"kind\":\"upsert\",\"eventTime\":1322726400000}", ErrorClasses.InvalidUtf8)]
    [InlineData("{\"kind\":\"upsert\",\"eventTime\":1322726400000}", ErrorClasses.MissingField)]
    [InlineData("{\"documentId\":\"\",\"kind\":\"upsert\",\"eventTime\":1322726400000}", ErrorClasses.MissingField)]
    [InlineData("{\"documentId\":null,\"kind\":\"upsert\",\"eventTime\":1322726400000}", ErrorClasses.MissingField)]
    [InlineData("{\"documentId\":\"a\",\"eventTime\":1322726400000}", ErrorClasses.MissingField)]
    [InlineData("{\"documentId\":\"a\",\"kind\":\"upsert\"}", ErrorClasses.MissingField)]
    [InlineData("{\"documentId\":\"a\",\"documentId\":\"b\"}", ErrorClasses.DuplicateField)]
    [InlineData("{\"documentId\":1}", ErrorClasses.WrongType)]
    [InlineData("{\"kind\":true}", ErrorClasses.WrongType)]
    [InlineData("{\"title\":{}}", ErrorClasses.WrongType)]
    [InlineData("{\"price\":\"2.55\"}", ErrorClasses.WrongType)]
    [InlineData("{\"related\":\"a\"}", ErrorClasses.WrongType)]
    [InlineData("{\"related\":[1]}", ErrorClasses.WrongType)]
    [InlineData("{\"eventTime\":\"2011-12-01T08:15:00\"}", ErrorClasses.WrongType)]
    [InlineData("{\"eventTime\":\"2011-12-01\"}", ErrorClasses.WrongType)]
    [InlineData("{\"eventTime\":\"yesterday\"}", ErrorClasses.WrongType)]
    [InlineData("{\"eventTime\":[]}", ErrorClasses.WrongType)]
    [InlineData("{\"kind\":\"Upsert\"}", ErrorClasses.UnknownKind)]
    [InlineData("{\"price\":1e999}", ErrorClasses.OutOfRange)]
    [InlineData("{\"quantity\":1.5}", ErrorClasses.OutOfRange)]
    [InlineData("{\"quantity\":9223372036854775808}", ErrorClasses.OutOfRange)]
    [InlineData("{\"eventTime\":1.5}", ErrorClasses.OutOfRange)]
    [InlineData("{\"eventTime\":\"1999-12-31T23:59:59Z\"}", ErrorClasses.OutOfRange)]
    [InlineData("{\"eventTime\":3146000000000}", ErrorClasses.OutOfRange)]
    public void Line_ThatIsNoDelta_SaysWhy(string line, string expected)
    {
        Assert.False(SourceLineParser.TryParse(Encoding.UTF8.GetBytes(line), s_position, out var delta, out var error));

        Assert.Null(delta);
        Assert.Equal(expected, error.Class);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void InvalidUtf8_InAFieldThatIsIgnored_IsStillAnError()
    {
        byte[] line = [.. "{\"x\":\""u8, 0xff, .. "\",\"documentId\":\"a\",\"kind\":\"upsert\",\"eventTime\":1322726400000}"u8];

        Assert.False(SourceLineParser.TryParse(line, s_position, out _, out var error));
        Assert.Equal(ErrorClasses.InvalidUtf8, error.Class);
    }

    [Fact]
    public void ControlCharactersInAValue_StayOutOfTheMessage()
    {
        Assert.False(SourceLineParser.TryParse("{\"kind\":\"a\\nb\"}"u8, s_position, out _, out var error));

        Assert.Equal("kind is 'a b', not upsert, delete or signal", error.Message);
    }

    [Fact]
    public void AnyDelta_WrittenAndRead_IsTheSame() => Prop.ForAll(Deltas.ToArbitrary(), delta =>
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new SourceLineWriter(buffer))
        {
            writer.Write(delta);
        }

        Assert.Equal((byte)'\n', buffer.WrittenSpan[^1]);
        Assert.True(SourceLineParser.TryParse(buffer.WrittenSpan[..^1], s_position, out var read, out _));
        Assert.Equal(delta with { Related = read.Related }, read);
        Assert.Equal(delta.Related, read.Related);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void AnyBytes_AreADeltaOrAnError_AndNeverAnException() => Prop.ForAll<byte[]>(bytes =>
        SourceLineParser.TryParse(bytes, s_position, out var delta, out var error) ? delta is not null : error is not null)
        .QuickCheckThrowOnFailure();

    private static Gen<CatalogDelta> Deltas =>
        from id in Text.Where(text => text.Length > 0)
        from kind in Gen.Elements(DeltaKind.Upsert, DeltaKind.Delete, DeltaKind.Signal)
        from time in Gen.Choose(0, int.MaxValue)
        from title in Text.OrNull()
        from category in Text.OrNull()
        from campaign in Text.OrNull()
        from price in Gen.Elements<double?>(null, 0, -0.01, 2.55, 1e300, double.Epsilon, 0.1 + 0.2)
        from quantity in Gen.Elements<long?>(null, 0, -80995, long.MaxValue, long.MinValue)
        from related in Gen.ArrayOf(Text)
        let milliseconds = DeltaVersion.MinEventTime.ToUnixTimeMilliseconds() + (time * 1000L) + (time % 1000)
        select new CatalogDelta
        {
            DocumentId = id,
            Kind = kind,
            EventTimeMilliseconds = milliseconds,
            Version = DeltaVersion.Create(milliseconds, s_position.Generation, s_position.Line, s_position.ObjectOrdinal),
            Partition = s_position.Partition,
            Title = title,
            Category = category,
            Campaign = campaign,
            Price = price,
            Quantity = quantity,
            Related = related,
        };

    private static Gen<string> Text =>
        Gen.ArrayOf(Gen.Frequency((8, Gen.Choose(' ', '~')), (1, Gen.Choose(0, 31)), (1, Gen.Choose(0xa0, 0x2fff))))
            .Select(characters => new string([.. characters.Select(character => (char)character)]));

    private static CatalogDelta Parse(string line)
    {
        Assert.True(SourceLineParser.TryParse(Encoding.UTF8.GetBytes(line), s_position, out var delta, out var error), error?.Message);
        return delta;
    }
}
