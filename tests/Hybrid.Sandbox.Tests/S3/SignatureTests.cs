using System.Net;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Hybrid.Sandbox.S3;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hybrid.Sandbox.Tests.S3;

/// <summary>Signature Version 4 as AWSSDK.S3 makes it.</summary>
public sealed class SignatureTests : IAsyncLifetime
{
    private readonly TemporaryDirectory _directory = new();
    private S3Server _server = null!;

    public async Task InitializeAsync()
    {
        _server = new S3Server(new S3ServerOptions { DataDirectory = _directory.Path, AccessKey = "key", SecretKey = "secret" }, NullLoggerFactory.Instance);
        await _server.StartAsync();
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        _directory.Dispose();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task RightSecret_IsAcceptedForEveryKindOfRequest(bool whenRequired)
    {
        using var client = Client("key", "secret", whenRequired);
        await client.PutBucketAsync("test");

        await client.PutObjectAsync(new PutObjectRequest { BucketName = "test", Key = "a b+ü/~(1)*'!", ContentBody = "x", UseChunkEncoding = true });
        await client.PutObjectAsync(new PutObjectRequest { BucketName = "test", Key = "c", ContentBody = "x", UseChunkEncoding = false });
        using var got = await client.GetObjectAsync("test", "a b+ü/~(1)*'!");
        var listed = await client.ListObjectsV2Async(new ListObjectsV2Request { BucketName = "test", Prefix = "a b+", Delimiter = "/", MaxKeys = 1 });
        await client.DeleteObjectsAsync(new DeleteObjectsRequest { BucketName = "test", Objects = [new KeyVersion { Key = "c" }] });

        Assert.Equal("x", await new StreamReader(got.ResponseStream).ReadToEndAsync());
        Assert.Single(listed.CommonPrefixes);
    }

    [Fact]
    public async Task WrongSecret_IsSignatureDoesNotMatch() => Assert.Equal("SignatureDoesNotMatch", await ErrorAsync("key", "other"));

    [Fact]
    public async Task WrongKey_IsInvalidAccessKeyId() => Assert.Equal("InvalidAccessKeyId", await ErrorAsync("other", "secret"));

    [Fact]
    public async Task NoSignature_IsForbidden()
    {
        using var http = new HttpClient();

        using var response = await http.GetAsync(_server.BaseAddress);

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
    }

    [Fact]
    public async Task PresignedUrl_IsAcceptedUntilItIsChanged()
    {
        using var client = Client("key", "secret", whenRequired: true);
        await client.PutBucketAsync("presigned");
        await client.PutObjectAsync(new PutObjectRequest { BucketName = "presigned", Key = "a", ContentBody = "presigned" });
        using var http = new HttpClient();
        var url = await client.GetPreSignedURLAsync(new GetPreSignedUrlRequest
        {
            BucketName = "presigned",
            Key = "a",
            Expires = DateTime.UtcNow.AddMinutes(5),
            Protocol = Protocol.HTTP,
        });

        Assert.Equal("presigned", await http.GetStringAsync(url));
        using var changed = await http.GetAsync(url.Replace("/presigned/a", "/presigned/b", StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.Forbidden, changed.StatusCode);
    }

    private AmazonS3Client Client(string accessKey, string secretKey, bool whenRequired) =>
        S3Fixture.ClientOf(_server.BaseAddress, whenRequired, new BasicAWSCredentials(accessKey, secretKey));

    private async Task<string> ErrorAsync(string accessKey, string secretKey)
    {
        using var client = Client(accessKey, secretKey, whenRequired: true);
        return (await Assert.ThrowsAnyAsync<AmazonS3Exception>(() => client.ListBucketsAsync())).ErrorCode;
    }
}
