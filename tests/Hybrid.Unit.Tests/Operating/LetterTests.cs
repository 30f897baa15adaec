using System.Text;
using Confluent.Kafka;
using Hybrid.Pipeline.DeadLetters;
using Hybrid.Pipeline.Hosting;
using Hybrid.Publisher.DeadLetters;

namespace Hybrid.Unit.Tests.Operating;

public sealed class LetterTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("hybrid-letters-");

    public void Dispose() => _directory.Delete(recursive: true);

    [Theory]
    [InlineData("0:17", true)]
    [InlineData("3:0", true)]
    [InlineData("17", false)]
    [InlineData("0:-1", false)]
    [InlineData("0:1:2", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void Position_IsPartitionAndOffset(string? text, bool valid)
    {
        Assert.Equal(valid, LetterPosition.TryParse(text, out var position));
        Assert.Equal(valid ? text : "0:0", position.ToString());
    }

    [Fact]
    public void Letter_WrittenAndRead_IsTheSame()
    {
        var letter = Letter("x"u8.ToArray());

        Assert.Equal(("catalog", "dt=1/part-0.ndjson", "\"e\"", "2011-12-01T08:00Z"), (letter.Source, letter.ObjectKey, letter.ETag, letter.Partition));
        Assert.Equal((7L, 3L, 2), (letter.Line!.Value, letter.Column!.Value, letter.Generation));
        Assert.Equal((ErrorClasses.WrongType, "price is a string"), (letter.ErrorClass, letter.Error));
    }

    [Theory]
    [InlineData(new byte[] { 0x7B, 0x22, 0xC3, 0xB6 })]
    [InlineData(new byte[] { 0xFF, 0x00, 0xC3 })]
    [InlineData(new byte[0])]
    public void Content_SurvivesAnExport_WhateverItsBytes(byte[] content)
    {
        var file = Path.Combine(_directory.FullName, "letters.ndjson");
        File.WriteAllText(file, LetterJson.Of(Letter(content)).ToLine() + "\n\n");

        Assert.Equal(content, LetterFiles.ReadCorrections(file)[new LetterPosition(1, 42)]);
    }

    [Fact]
    public void RawFile_LosesTheLineEndThatAnEditorAdds()
    {
        LetterFiles.WriteRaw(_directory.FullName, Letter("{}"u8.ToArray()));
        File.AppendAllText(Path.Combine(_directory.FullName, "1-42.line"), "\r\n");

        Assert.Equal("{}"u8.ToArray(), LetterFiles.ReadCorrections(_directory.FullName)[new LetterPosition(1, 42)]);
    }

    [Theory]
    [InlineData("{\"position\":\"0:1\"}", "neither content")]
    [InlineData("{\"position\":\"x\",\"content\":\"\"}", "no position")]
    [InlineData("nothing", "line 1")]
    public void CorrectionThatIsNone_IsNamed(string line, string named)
    {
        var file = Path.Combine(_directory.FullName, "letters.ndjson");
        File.WriteAllText(file, line);

        var refused = Assert.Throws<HybridException>(() => LetterFiles.ReadCorrections(file));

        Assert.Contains(named, refused.Message, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.WrongCall, refused.ExitCode);
    }

    [Fact]
    public void Filter_HoldsEveryCondition()
    {
        var letter = Letter([]);

        Assert.True(new LetterFilter { Source = "catalog", Object = "dt=?/*", ErrorClass = ErrorClasses.WrongType, Since = letter.Written, Pending = true }.Matches(letter));
        Assert.False(new LetterFilter { Source = "other" }.Matches(letter));
        Assert.False(new LetterFilter { Object = "DT=*" }.Matches(letter));
        Assert.False(new LetterFilter { ErrorClass = ErrorClasses.MalformedJson }.Matches(letter));
        Assert.False(new LetterFilter { Since = letter.Written.AddMilliseconds(1) }.Matches(letter));
        Assert.False(new LetterFilter { Pending = true }.Matches(letter with { Replayed = letter.Written }));
        Assert.False(new LetterFilter { Positions = new HashSet<LetterPosition> { new(0, 42) } }.Matches(letter));
    }

    [Fact]
    public void WholeLetter_ShowsBytesThatAreNoText_InHexadecimal()
    {
        var text = new StringWriter();
        LetterText.WriteWhole(Letter([0xFF, 0x41]), text);

        Assert.Contains("00000000  ff 41", text.ToString(), StringComparison.Ordinal);
        Assert.Contains("column     3", text.ToString(), StringComparison.Ordinal);
    }

    private static StoredLetter Letter(byte[] content)
    {
        var message = new DeadLetter(content, ErrorClasses.WrongType, "price is a string")
        {
            Source = "catalog",
            Partition = "2011-12-01T08:00Z",
            Generation = 2,
            ObjectKey = "dt=1/part-0.ndjson",
            ETag = "\"e\"",
            Line = 7,
            Column = 3,
        }.ToMessage();
        message.Timestamp = new Timestamp(1_700_000_000_000, TimestampType.CreateTime);
        return StoredLetter.From(new ConsumeResult<byte[], byte[]> { Topic = "dlq", Partition = 1, Offset = 42, Message = message });
    }
}
