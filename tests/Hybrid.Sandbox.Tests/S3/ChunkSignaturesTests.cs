using System.IO.Pipelines;
using System.Security.Cryptography;
using System.Text;
using Hybrid.Sandbox.S3.Payload;
using Hybrid.Sandbox.S3.Protocol;

namespace Hybrid.Sandbox.Tests.S3;

/// <summary>The worked example of "Signature calculations: transferring payload in multiple chunks" of the Amazon S3 API reference.</summary>
public sealed class ChunkSignaturesTests
{
    private const string Date = "20130524T000000Z";
    private const string Scope = "20130524/us-east-1/s3/aws4_request";
    private const string Seed = "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9";
    private const string First = "ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648";
    private const string Second = "0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497";
    private const string Last = "b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9";

    private static readonly string Body =
        $"10000;chunk-signature={First}\r\n{new string('a', 65536)}\r\n400;chunk-signature={Second}\r\n{new string('a', 1024)}\r\n0;chunk-signature={Last}\r\n\r\n";

    [Fact]
    public async Task RightSignatures_AreAccepted() => Assert.Equal(66560, await DecodeAsync(Body));

    [Theory]
    [InlineData("aaaa\r\n400", "aaab\r\n400")]
    [InlineData("aaaa\r\n0;", "aaab\r\n0;")]
    [InlineData(";chunk-signature=" + First, "")]
    [InlineData(Second, First)]
    [InlineData(Last, Second)]
    [InlineData("400;chunk-signature=" + Second, "0;chunk-signature=" + Second)]
    public async Task WhatWasChanged_IsSignatureDoesNotMatch(string was, string becomes)
    {
        var exception = await Assert.ThrowsAsync<S3Exception>(() => DecodeAsync(Body.Replace(was, becomes, StringComparison.Ordinal)));

        Assert.Equal("SignatureDoesNotMatch", exception.Code);
    }

    [Theory]
    [InlineData("x-amz-checksum-crc32:AAAAAA==\r\n")]
    [InlineData("x-amz-checksum-crc32:AAAAAA==\r\nx-amz-trailer-signature:" + First + "\r\n")]
    public async Task Trailers_MustBeSignedToo(string trailers)
    {
        var exception = await Assert.ThrowsAsync<S3Exception>(() => DecodeAsync(Body[..^2] + trailers + "\r\n"));

        Assert.Equal("SignatureDoesNotMatch", exception.Code);
    }

    private static async Task<long> DecodeAsync(string framed)
    {
        var key = Encoding.UTF8.GetBytes("AWS4wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY");
        foreach (var part in Scope.Split('/'))
        {
            key = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(part));
        }

        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 0));
        await pipe.Writer.WriteAsync(Encoding.UTF8.GetBytes(framed));
        await pipe.Writer.CompleteAsync();
        using var signatures = new ChunkSignatures(key, Date, Scope, Seed);
        long length = 0;
        await AwsChunkedDecoder.DecodeAsync(pipe.Reader, bytes => length += bytes.Length, signatures, CancellationToken.None);
        return length;
    }
}
