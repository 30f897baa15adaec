using System.Text;
using Hybrid.Contracts.Topics;
using Hybrid.Pipeline.DeadLetters;

namespace Hybrid.Unit.Tests.DeadLetters;

public sealed class DeadLetterTests
{
    [Fact]
    public void Message_HoldsTheBytesAsTheyWere_AndTheirPlaceInHeaders()
    {
        var message = new DeadLetter("{oops"u8.ToArray(), ErrorClasses.MalformedJson, "not JSON")
        {
            ObjectKey = "dt=1/part-0.ndjson",
            ETag = "abc",
            Line = 17,
        }.ToMessage();

        Assert.Equal("{oops"u8.ToArray(), message.Value);
        Assert.Equal("dt=1/part-0.ndjson"u8.ToArray(), message.Key);
        Assert.Equal(
            new Dictionary<string, string>
            {
                [RecordHeaders.DeadLetterErrorClass] = "malformed-json",
                [RecordHeaders.DeadLetterError] = "not JSON",
                [RecordHeaders.DeadLetterObject] = "dt=1/part-0.ndjson",
                [RecordHeaders.DeadLetterETag] = "abc",
                [RecordHeaders.DeadLetterLine] = "17",
            },
            message.Headers.ToDictionary(header => header.Key, header => Encoding.UTF8.GetString(header.GetValueBytes())));
    }

    [Fact]
    public void Content_ThatNoBrokerWouldTake_IsCut_AndItsLengthKept()
    {
        var message = new DeadLetter(new byte[DeadLetter.MaxContentBytes + 1], ErrorClasses.RecordTooLarge, "too large").ToMessage();

        Assert.Equal(DeadLetter.MaxContentBytes, message.Value.Length);
        Assert.Equal($"{DeadLetter.MaxContentBytes + 1}", Encoding.UTF8.GetString(message.Headers.GetLastBytes(RecordHeaders.DeadLetterOriginalLength)));
        Assert.Null(message.Key);
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    [InlineData(DeadLetter.MaxCsvHeaderBytes, true)]
    [InlineData(DeadLetter.MaxCsvHeaderBytes + 1, false)]
    public void CsvHeader_IsKeptWhole_OrNotAtAll(int length, bool isKept)
    {
        var header = new byte[length];

        var message = new DeadLetter("a"u8.ToArray(), ErrorClasses.WrongType, "wrong") { CsvHeader = header }.ToMessage();

        Assert.Equal(isKept, message.Headers.TryGetLastBytes(RecordHeaders.DeadLetterCsvHeader, out var kept));
        Assert.Equal(isKept ? header : null, kept);
    }
}
