using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using Hybrid.Sandbox.S3.Payload;
using Hybrid.Sandbox.S3.Protocol;

namespace Hybrid.Sandbox.Tests.S3;

public sealed class AwsChunkedDecoderTests
{
    private const string Signed = "5;chunk-signature=ab\r\nhello\r\nA;chunk-signature=cd\r\n, world!\r\n\r\n0;chunk-signature=ef\r\n\r\n";
    private const string WithTrailers = "5\r\nhello\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\nx-amz-trailer-signature: ab\r\n\r\n";

    [Fact]
    public async Task WhereverTheBytesAreSplit_TheBodyIsTheSame()
    {
        for (var split = 0; split <= Signed.Length; split++)
        {
            var (body, _) = await DecodeAsync(Signed[..split], Signed[split..]);
            Assert.Equal("hello, world!\r\n", body);
        }
    }

    [Fact]
    public async Task Trailers_AreReadWhereverTheBytesAreSplit()
    {
        for (var split = 0; split <= WithTrailers.Length; split++)
        {
            var (body, trailers) = await DecodeAsync(WithTrailers[..split], WithTrailers[split..]);
            Assert.Equal("hello", body);
            Assert.Equal("NhCmhg==", trailers["X-Amz-Checksum-Crc32"]);
            Assert.Equal("ab", trailers["x-amz-trailer-signature"]);
        }
    }

    [Fact]
    public async Task EveryCutBody_IsIncomplete()
    {
        var lastChunk = Signed.IndexOf("\r\n0;", StringComparison.Ordinal) + "\r\n0;chunk-signature=ef\r\n".Length;
        for (var length = 0; length < lastChunk; length++)
        {
            var exception = await Assert.ThrowsAsync<S3Exception>(() => DecodeAsync(Signed[..length]));
            Assert.Equal("IncompleteBody", exception.Code);
        }
    }

    [Theory]
    [InlineData("zz\r\n")]
    [InlineData("-1\r\n")]
    [InlineData("\r\n")]
    [InlineData("FFFFFFFFFFFFFFFFF\r\n")]
    [InlineData("1\r\nab\r\n0\r\n\r\n")]
    [InlineData("0\r\nno colon\r\n\r\n")]
    public async Task BrokenFraming_IsIncomplete(string framed)
    {
        var exception = await Assert.ThrowsAsync<S3Exception>(() => DecodeAsync(framed));

        Assert.Equal("IncompleteBody", exception.Code);
    }

    [Fact]
    public async Task EndlessLine_IsRefusedBeforeItFillsTheMemory()
    {
        var exception = await Assert.ThrowsAsync<S3Exception>(() => DecodeAsync("5;", new string('x', 20_000)));

        Assert.Equal("IncompleteBody", exception.Code);
    }

    private static async Task<(string Body, IReadOnlyDictionary<string, string> Trailers)> DecodeAsync(params string[] pieces)
    {
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 0));
        var body = new ArrayBufferWriter<byte>();
        var decoding = AwsChunkedDecoder.DecodeAsync(
            pipe.Reader,
            bytes =>
            {
                foreach (var segment in bytes)
                {
                    body.Write(segment.Span);
                }
            },
            signatures: null,
            CancellationToken.None);
        foreach (var piece in pieces)
        {
            await pipe.Writer.WriteAsync(Encoding.UTF8.GetBytes(piece));
        }

        await pipe.Writer.CompleteAsync();
        var trailers = await decoding;
        return (Encoding.UTF8.GetString(body.WrittenSpan), trailers);
    }
}
