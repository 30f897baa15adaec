using System.Buffers;
using System.Text;
using Hybrid.Contracts.Records;
using Hybrid.Pipeline.Avro;
using Hybrid.Pipeline.Lines;

namespace Hybrid.Unit.Tests.Lines;

public sealed class LineTranscoderTests
{
    private const int SchemaId = 7;
    private static readonly SourcePosition s_position = new("2011-12-01T08:05Z", 1, 2, 17);
    private static readonly string[] s_texts = ["a", "85123A", "WHITE HANGING HEART", "ü", "naïve ☕ 𝄞", "\"quoted\"", "back\\slash", "tab\t", ""];

    [Theory]
    [InlineData("""{"documentId":"85123A","kind":"upsert","eventTime":"2011-12-01T08:06:07.089Z","title":"naïve ☕","category":"c","price":2.55,"quantity":-6,"campaign":"xmas"}""")]
    [InlineData("""{"kind":"delete","eventTime":1322726400000,"documentId":"a","title":null,"unknown":{"kind":[1]}}""")]
    [InlineData("""{"documentId":"a","kind":"signal","eventTime":1322726400000,"quantity":3,"price":1e3,"related":null}""")]
    [InlineData("""{"documentId":"a","related":["b","ü☕",""],"kind":"signal","eventTime":1322726400000,"title":"t"}""")]
    [InlineData("""{"documentId":"a","kind":"signal","eventTime":1322726400000,"related":[]}""")]
    public void UsualLine_BecomesTheBytesOfItsDelta(string text)
    {
        var line = Encoding.UTF8.GetBytes(text);
        Assert.Equal(Expected(line), Transcoded(line));
    }

    [Theory]
    [InlineData("""{"documentId":"a\u0062","kind":"upsert","eventTime":1322726400000}""")]
    [InlineData("""{"documentId":"a","kind":"signal","eventTime":1322726400000,"related":["b","c\u0064"]}""")]
    [InlineData("""{"documentId":"a","kind":"signal","eventTime":1322726400000,"related":["b",null]}""")]
    [InlineData("""{"documentId":"a","kind":"signal","eventTime":1322726400000,"related":["b"}""")]
    [InlineData("""{"documentId":"","kind":"upsert","eventTime":1322726400000}""")]
    [InlineData("""{"documentId":"a","kind":"upsert"}""")]
    [InlineData("""{"documentId":"a","kind":"upsert","kind":"upsert","eventTime":1322726400000}""")]
    [InlineData("""{"documentId":"a","kind":"upsert","eventTime":1322726400000,"price":"2"}""")]
    [InlineData("""{"documentId":"a","kind":"upsert","eventTime":1322726400000}}""")]
    [InlineData("""{"\ud800":1,"documentId":"a","kind":"upsert","eventTime":1322726400000}""")]
    [InlineData("""{"documentId":"a","kind":"upsert","eventTime":13227""")]
    [InlineData("[]")]
    [InlineData("")]
    public void UnusualLine_IsLeftToTheParser(string text) => Assert.Null(Transcoded(Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void InvalidUtf8_IsLeftToTheParser()
    {
        var line = Encoding.UTF8.GetBytes("""{"documentId":"a","kind":"upsert","eventTime":1322726400000,"title":"x"}""");
        line[^3] = 0xff;
        Assert.Null(Transcoded(line));
    }

    [Fact]
    public void AnyLine_SoundOrDamaged_IsEitherLeftToTheParserOrAsThatWouldHaveIt()
    {
        var random = new Random(20111201);
        var transcoded = 0;
        for (var i = 0; i < 20_000; i++)
        {
            var line = Line(random);
            for (var damage = random.Next(3); damage > 1; damage--)
            {
                line[random.Next(line.Length)] = (byte)random.Next(256);
            }

            if (Transcoded(line) is { } value)
            {
                transcoded++;
                Assert.Equal(Expected(line), value);
            }
        }

        Assert.InRange(transcoded, 2_000, 18_000);
    }

    private static byte[] Line(Random random)
    {
        var output = new ArrayBufferWriter<byte>();
        using var writer = new SourceLineWriter(output);
        writer.Write(new CatalogDelta
        {
            DocumentId = Text(random) is { Length: > 0 } id ? id : "a",
            Kind = (DeltaKind)random.Next(3),
            Version = 0,
            EventTimeMilliseconds = DeltaVersion.MinEventTime.ToUnixTimeMilliseconds() + random.NextInt64(1L << 40),
            Partition = "",
            Title = Optional(random),
            Category = Optional(random),
            Price = random.Next(2) == 0 ? null : random.NextDouble() * 1000,
            Quantity = random.Next(2) == 0 ? null : random.NextInt64(-1000, 1000),
            Campaign = Optional(random),
            Related = random.Next(3) == 0 ? [.. Enumerable.Range(0, random.Next(1, 5)).Select(_ => Text(random))] : [],
        });
        return output.WrittenSpan.TrimEnd((byte)'\n').ToArray();
    }

    private static string? Optional(Random random) => random.Next(3) == 0 ? null : Text(random);

    private static string Text(Random random) => s_texts[random.Next(s_texts.Length)];

    private static byte[]? Transcoded(byte[] line)
    {
        var output = new ArrayBufferWriter<byte>();
        var usual = LineTranscoder.TryWrite(line, s_position, SchemaId, output);
        Assert.True(usual || output.WrittenCount == 0);
        return usual ? output.WrittenSpan.ToArray() : null;
    }

    private static byte[] Expected(byte[] line)
    {
        Assert.True(SourceLineParser.TryParse(line, s_position, out var delta, out var error), error?.Message);
        var output = new ArrayBufferWriter<byte>();
        ConfluentWireFormat.Write(output.GetSpan(ConfluentWireFormat.HeaderLength), SchemaId);
        output.Advance(ConfluentWireFormat.HeaderLength);
        BuiltinDeltaEncoder.WriteBody(delta, new AvroBinaryWriter(output));
        Assert.Equal(Encoding.UTF8.GetBytes(delta.DocumentId), ConfluentWireFormat.DocumentId(output.WrittenSpan));
        return output.WrittenSpan.ToArray();
    }
}
