using System.Net;
using System.Security.Cryptography;
using System.Text;
using Amazon.S3;
using Amazon.S3.Model;

namespace Hybrid.Sandbox.Tests.S3;

/// <summary>Objects through AWSSDK.S3, as the pipeline sets it and as it is by default.</summary>
public sealed class AwsSdkObjectTests(S3Fixture fixture) : IClassFixture<S3Fixture>
{
    private const string Bucket = "test";

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public async Task Put_ThenGet_ReturnsTheBytes(bool whenRequired, bool chunked)
    {
        var client = Client(whenRequired);
        var body = RandomNumberGenerator.GetBytes(300_000);
        var key = $"bytes-{whenRequired}-{chunked}";

        var put = await client.PutObjectAsync(new PutObjectRequest
        {
            BucketName = Bucket,
            Key = key,
            InputStream = new MemoryStream(body),
            UseChunkEncoding = chunked,
        });
        using var got = await client.GetObjectAsync(Bucket, key);
        using var read = new MemoryStream();
        await got.ResponseStream.CopyToAsync(read);

        Assert.Equal(body, read.ToArray());
        Assert.Equal($"\"{Convert.ToHexStringLower(MD5.HashData(body))}\"", put.ETag);
        Assert.Equal(put.ETag, got.ETag);
    }

    [Theory]
    [InlineData("CRC32")]
    [InlineData("SHA1")]
    [InlineData("SHA256")]
    public async Task Put_WithChecksum_KeepsAndReturnsIt(string algorithm)
    {
        var body = RandomNumberGenerator.GetBytes(100_003);
        await fixture.DefaultClient.PutObjectAsync(new PutObjectRequest
        {
            BucketName = Bucket,
            Key = algorithm,
            InputStream = new MemoryStream(body),
            ChecksumAlgorithm = ChecksumAlgorithm.FindValue(algorithm),
        });

        var head = await fixture.DefaultClient.GetObjectMetadataAsync(
            new GetObjectMetadataRequest { BucketName = Bucket, Key = algorithm, ChecksumMode = ChecksumMode.ENABLED });

        var checksums = new[] { head.ChecksumCRC32, head.ChecksumCRC32C, head.ChecksumSHA1, head.ChecksumSHA256 };
        Assert.Single(checksums, checksum => !string.IsNullOrEmpty(checksum));
    }

    [Fact]
    public async Task Put_Empty_IsAnObjectOfLengthZero()
    {
        await PutAsync("empty", string.Empty);

        using var got = await fixture.Client.GetObjectAsync(Bucket, "empty");

        Assert.Equal(0, got.ContentLength);
    }

    [Fact]
    public async Task Put_WithHeaders_ReturnsThem()
    {
        var request = new PutObjectRequest { BucketName = Bucket, Key = "headers", ContentBody = "{}", ContentType = "application/x-ndjson" };
        request.Headers.ContentEncoding = "gzip";
        request.Headers.CacheControl = "no-store";
        request.Metadata["partition"] = "2011-12-01T08:05Z";

        await fixture.Client.PutObjectAsync(request);
        var head = await fixture.Client.GetObjectMetadataAsync(Bucket, "headers");

        Assert.Equal("application/x-ndjson", head.Headers.ContentType);
        Assert.Equal("gzip", head.Headers.ContentEncoding);
        Assert.Equal("no-store", head.Headers.CacheControl);
        Assert.Equal("2011-12-01T08:05Z", head.Metadata["partition"]);
    }

    [Theory]
    [InlineData("dt=2011-12-01/hh=08/mm=05/part-0.ndjson.gz")]
    [InlineData("a b+c%25?d#e&f=g;h,i:j@k")]
    [InlineData("../../etc/passwd")]
    [InlineData("a/./b/../c//d/")]
    [InlineData("größe/値/😀")]
    [InlineData("\u0001control")]
    [InlineData("CON")]
    public async Task OddKeys_AreKeptAsTheyAre(string key)
    {
        await PutAsync(key, "odd");

        using var got = await fixture.Client.GetObjectAsync(Bucket, key);
        var listed = await fixture.Client.ListObjectsV2Async(new ListObjectsV2Request { BucketName = Bucket, Prefix = key });

        Assert.Equal("odd", await new StreamReader(got.ResponseStream).ReadToEndAsync());
        Assert.Equal(key, Assert.Single(listed.S3Objects).Key);
        await fixture.Client.DeleteObjectAsync(Bucket, key);
    }

    [Fact]
    public async Task Key_Of1024Bytes_IsTheLongest()
    {
        await PutAsync(new string('k', 1024), "long");

        var exception = await Assert.ThrowsAsync<AmazonS3Exception>(() => PutAsync(new string('k', 1025), "too long"));

        Assert.Equal("KeyTooLongError", exception.ErrorCode);
    }

    [Theory]
    [InlineData("bytes=0-3", "0123", "bytes 0-3/10")]
    [InlineData("bytes=7-", "789", "bytes 7-9/10")]
    [InlineData("bytes=-2", "89", "bytes 8-9/10")]
    [InlineData("bytes=5-99", "56789", "bytes 5-9/10")]
    [InlineData("bytes=-99", "0123456789", "bytes 0-9/10")]
    public async Task Get_WithRange_ReturnsThatPart(string range, string expected, string contentRange)
    {
        await PutAsync("ranges", "0123456789");
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(fixture.Server.BaseAddress, "test/ranges"));
        request.Headers.TryAddWithoutValidation("Range", range);

        using var response = await http.SendAsync(request);

        Assert.Equal(HttpStatusCode.PartialContent, response.StatusCode);
        Assert.Equal(expected, await response.Content.ReadAsStringAsync());
        Assert.Equal(contentRange, response.Content.Headers.ContentRange!.ToString());
    }

    [Fact]
    public async Task Get_WithRangeBehindTheEnd_IsInvalidRange()
    {
        await PutAsync("short", "0123456789");

        var exception = await Assert.ThrowsAsync<AmazonS3Exception>(() => fixture.Client.GetObjectAsync(
            new GetObjectRequest { BucketName = Bucket, Key = "short", ByteRange = new Amazon.S3.Model.ByteRange(10, 20) }));

        Assert.Equal("InvalidRange", exception.ErrorCode);
        Assert.Equal(HttpStatusCode.RequestedRangeNotSatisfiable, exception.StatusCode);
    }

    [Fact]
    public async Task Get_WithConditions_HoldsThem()
    {
        var etag = (await PutAsync("conditional", "1")).ETag;
        var past = DateTime.UtcNow.AddHours(-1);
        var future = DateTime.UtcNow.AddHours(1);

        using var same = await GetAsync(request => request.EtagToMatch = etag);
        using var other = await GetAsync(request => request.EtagToNotMatch = "\"other\"");
        using var modified = await GetAsync(request => request.ModifiedSinceDate = past);
        using var unmodified = await GetAsync(request => request.UnmodifiedSinceDate = future);

        Assert.Equal(HttpStatusCode.PreconditionFailed, await StatusAsync(request => request.EtagToMatch = "\"other\""));
        Assert.Equal(HttpStatusCode.NotModified, await StatusAsync(request => request.EtagToNotMatch = etag));
        Assert.Equal(HttpStatusCode.NotModified, await StatusAsync(request => request.ModifiedSinceDate = future));
        Assert.Equal(HttpStatusCode.PreconditionFailed, await StatusAsync(request => request.UnmodifiedSinceDate = past));

        Task<GetObjectResponse> GetAsync(Action<GetObjectRequest> condition)
        {
            var request = new GetObjectRequest { BucketName = Bucket, Key = "conditional" };
            condition(request);
            return fixture.Client.GetObjectAsync(request);
        }

        async Task<HttpStatusCode> StatusAsync(Action<GetObjectRequest> condition) =>
            (await Assert.ThrowsAsync<AmazonS3Exception>(() => GetAsync(condition))).StatusCode;
    }

    [Fact]
    public async Task Put_IfNoneMatch_CreatesOnlyOnce()
    {
        await PutAsync("once", "first", request => request.IfNoneMatch = "*");

        var exception = await Assert.ThrowsAsync<AmazonS3Exception>(() => PutAsync("once", "second", request => request.IfNoneMatch = "*"));

        Assert.Equal("PreconditionFailed", exception.ErrorCode);
        Assert.Equal(HttpStatusCode.PreconditionFailed, exception.StatusCode);
        Assert.Equal("first", await TextAsync("once"));
    }

    [Fact]
    public async Task Put_IfNoneMatch_FromManyAtOnce_OneWins()
    {
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 16).Select(async n =>
        {
            try
            {
                await PutAsync("race", $"{n}", request => request.IfNoneMatch = "*");
                return $"{n}";
            }
            catch (AmazonS3Exception exception) when (exception.ErrorCode == "PreconditionFailed")
            {
                return null;
            }
        }));

        Assert.Equal(Assert.Single(outcomes, outcome => outcome is not null), await TextAsync("race"));
    }

    [Fact]
    public async Task Put_IfMatch_ReplacesOnlyThatObject()
    {
        var first = (await PutAsync("cursor", "1")).ETag;
        var second = (await PutAsync("cursor", "2", request => request.IfMatch = first)).ETag;

        var stale = await Assert.ThrowsAsync<AmazonS3Exception>(() => PutAsync("cursor", "3", request => request.IfMatch = first));
        var absent = await Assert.ThrowsAsync<AmazonS3Exception>(() => PutAsync("no-cursor", "3", request => request.IfMatch = second));

        Assert.Equal("PreconditionFailed", stale.ErrorCode);
        Assert.Equal("NoSuchKey", absent.ErrorCode);
        Assert.Equal("2", await TextAsync("cursor"));
    }

    [Fact]
    public async Task Put_WithWrongMd5_IsBadDigestAndLeavesTheObject()
    {
        await PutAsync("digest", "right");

        var exception = await Assert.ThrowsAsync<AmazonS3Exception>(() =>
            PutAsync("digest", "wrong", request => request.MD5Digest = Convert.ToBase64String(MD5.HashData("else"u8))));

        Assert.Equal("BadDigest", exception.ErrorCode);
        Assert.Equal("right", await TextAsync("digest"));
    }

    [Fact]
    public async Task Missing_KeysAndBuckets_AreNamedErrors()
    {
        var key = await Assert.ThrowsAnyAsync<AmazonS3Exception>(() => fixture.Client.GetObjectAsync(Bucket, "missing"));
        var bucket = await Assert.ThrowsAnyAsync<AmazonS3Exception>(() => fixture.Client.GetObjectAsync("missing", "missing"));
        var head = await Assert.ThrowsAnyAsync<AmazonS3Exception>(() => fixture.Client.GetObjectMetadataAsync(Bucket, "missing"));

        Assert.Equal("NoSuchKey", key.ErrorCode);
        Assert.Equal("NoSuchBucket", bucket.ErrorCode);
        Assert.Equal(HttpStatusCode.NotFound, head.StatusCode);
    }

    [Fact]
    public async Task Delete_IsIdempotent()
    {
        await PutAsync("gone", "x");

        await fixture.Client.DeleteObjectAsync(Bucket, "gone");
        await fixture.Client.DeleteObjectAsync(Bucket, "gone");

        await Assert.ThrowsAnyAsync<AmazonS3Exception>(() => fixture.Client.GetObjectAsync(Bucket, "gone"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task DeleteObjects_RemovesAllOfThem(bool whenRequired)
    {
        string[] keys = [$"many/{whenRequired}/1", $"many/{whenRequired}/2", $"many/{whenRequired}/<&>"];
        foreach (var key in keys)
        {
            await PutAsync(key, "x");
        }

        var answer = await Client(whenRequired).DeleteObjectsAsync(new DeleteObjectsRequest
        {
            BucketName = Bucket,
            Objects = [.. keys.Select(key => new KeyVersion { Key = key })],
        });

        Assert.Equal(keys, answer.DeletedObjects.Select(deleted => deleted.Key));
        var left = await fixture.Client.ListObjectsV2Async(new ListObjectsV2Request { BucketName = Bucket, Prefix = $"many/{whenRequired}" });
        Assert.Equal(0, left.KeyCount);
    }

    [Fact]
    public async Task Copy_TakesBytesAndMetadata()
    {
        await PutAsync("copy/source ü", "copied", request => request.Metadata["from"] = "source");

        var copy = await fixture.Client.CopyObjectAsync(Bucket, "copy/source ü", Bucket, "copy/target");
        var head = await fixture.Client.GetObjectMetadataAsync(Bucket, "copy/target");

        Assert.Equal(head.ETag, copy.ETag);
        Assert.Equal("source", head.Metadata["from"]);
        Assert.Equal("copied", await TextAsync("copy/target"));
    }

    [Fact]
    public async Task UnsupportedSubresource_IsNotImplemented()
    {
        var exception = await Assert.ThrowsAsync<AmazonS3Exception>(() =>
            fixture.Client.GetObjectAttributesAsync(new GetObjectAttributesRequest { BucketName = Bucket, Key = "x", ObjectAttributes = [ObjectAttributes.ETag] }));

        Assert.Equal("NotImplemented", exception.ErrorCode);
    }

    [Fact]
    public async Task RequestCounts_NameTheOperations()
    {
        var before = fixture.Server.RequestCounts.GetValueOrDefault("PutObject");
        await PutAsync("counted", "x");

        Assert.True(fixture.Server.RequestCounts["PutObject"] > before);
    }

    private AmazonS3Client Client(bool whenRequired) => whenRequired ? fixture.Client : fixture.DefaultClient;

    private Task<PutObjectResponse> PutAsync(string key, string text, Action<PutObjectRequest>? change = null)
    {
        var request = new PutObjectRequest { BucketName = Bucket, Key = key, InputStream = new MemoryStream(Encoding.UTF8.GetBytes(text)) };
        change?.Invoke(request);
        return fixture.Client.PutObjectAsync(request);
    }

    private async Task<string> TextAsync(string key)
    {
        using var got = await fixture.Client.GetObjectAsync(Bucket, key);
        return await new StreamReader(got.ResponseStream).ReadToEndAsync();
    }
}
