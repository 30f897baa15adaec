using System.Security.Cryptography;
using Amazon.S3;
using Amazon.S3.Model;
using Amazon.S3.Transfer;

namespace Hybrid.Sandbox.Tests.S3;

public sealed class MultipartTests : IAsyncLifetime
{
    private const int PartSize = 5 << 20;

    private readonly S3Fixture _fixture = new();

    public Task InitializeAsync() => _fixture.InitializeAsync();

    public Task DisposeAsync() => _fixture.DisposeAsync();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task TransferUtility_UploadsInParts(bool whenRequired)
    {
        var client = whenRequired ? _fixture.Client : _fixture.DefaultClient;
        var body = RandomNumberGenerator.GetBytes((2 * PartSize) + 1234);
        using var transfer = new TransferUtility(client, new TransferUtilityConfig { MinSizeBeforePartUpload = PartSize });
        await transfer.UploadAsync(new TransferUtilityUploadRequest
        {
            BucketName = "test",
            Key = "large",
            InputStream = new MemoryStream(body),
            PartSize = PartSize,
            ContentType = "application/gzip",
        });

        using var got = await client.GetObjectAsync("test", "large");
        using var read = new MemoryStream();
        await got.ResponseStream.CopyToAsync(read);

        Assert.Equal(body, read.ToArray());
        Assert.EndsWith("-3\"", got.ETag, StringComparison.Ordinal);
        Assert.Equal("application/gzip", got.Headers.ContentType);
        Assert.Empty((await client.ListMultipartUploadsAsync("test")).MultipartUploads ?? []);
    }

    [Fact]
    public async Task Upload_OutlivesARestart()
    {
        var upload = await BeginAsync();
        var etag = await UploadAsync(upload, 1, "one part");

        await _fixture.RestartAsync();
        var parts = await _fixture.Client.ListPartsAsync("test", "k", upload);
        await CompleteAsync(upload, new PartETag(1, etag));

        Assert.Equal(1, Assert.Single(parts.Parts).PartNumber);
        using var got = await _fixture.Client.GetObjectAsync("test", "k");
        Assert.Equal("one part", await new StreamReader(got.ResponseStream).ReadToEndAsync());
    }

    [Fact]
    public async Task Complete_WithWrongParts_IsRefusedAndTheUploadStays()
    {
        var upload = await BeginAsync();
        var first = await UploadAsync(upload, 1, "a");
        var second = await UploadAsync(upload, 2, "b");

        Assert.Equal("InvalidPart", await ErrorAsync(() => CompleteAsync(upload, new PartETag(3, first))));
        Assert.Equal("InvalidPart", await ErrorAsync(() => CompleteAsync(upload, new PartETag(1, second))));
        Assert.Equal("EntityTooSmall", await ErrorAsync(() => CompleteAsync(upload, new PartETag(1, first), new PartETag(2, second))));
        await CompleteAsync(upload, new PartETag(2, second));
        Assert.Equal("NoSuchUpload", await ErrorAsync(() => CompleteAsync(upload, new PartETag(2, second))));
    }

    [Fact]
    public async Task Abort_ForgetsTheUpload()
    {
        var upload = await BeginAsync();
        await UploadAsync(upload, 1, "a");

        await _fixture.Client.AbortMultipartUploadAsync("test", "k", upload);

        Assert.Equal("NoSuchUpload", await ErrorAsync(() => UploadAsync(upload, 2, "b")));
        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(_fixture.DataDirectory, "uploads")));
        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(_fixture.DataDirectory, "tmp")));
    }

    private async Task<string> BeginAsync() => (await _fixture.Client.InitiateMultipartUploadAsync("test", "k")).UploadId;

    private async Task<string> UploadAsync(string upload, int part, string text)
    {
        using var body = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(text));
        var answer = await _fixture.Client.UploadPartAsync(
            new UploadPartRequest { BucketName = "test", Key = "k", UploadId = upload, PartNumber = part, InputStream = body });
        return answer.ETag;
    }

    private Task CompleteAsync(string upload, params PartETag[] parts) => _fixture.Client.CompleteMultipartUploadAsync(
        new CompleteMultipartUploadRequest { BucketName = "test", Key = "k", UploadId = upload, PartETags = [.. parts] });

    private static async Task<string> ErrorAsync(Func<Task> call) => (await Assert.ThrowsAnyAsync<AmazonS3Exception>(call)).ErrorCode;
}
