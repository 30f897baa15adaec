using System.Net;
using Amazon.S3;
using Amazon.S3.Model;

namespace Hybrid.Sandbox.Tests.S3;

/// <summary>Buckets, listings and restarts through AWSSDK.S3.</summary>
public sealed class AwsSdkBucketTests : IAsyncLifetime
{
    private readonly S3Fixture _fixture = new();

    public Task InitializeAsync() => _fixture.InitializeAsync();

    public Task DisposeAsync() => _fixture.DisposeAsync();

    [Fact]
    public async Task Buckets_AreCreatedListedAndDeleted()
    {
        await _fixture.Client.PutBucketAsync("second.bucket-1");

        var exists = await Assert.ThrowsAnyAsync<AmazonS3Exception>(() => _fixture.Client.PutBucketAsync("second.bucket-1"));
        var listed = await _fixture.Client.ListBucketsAsync();
        await _fixture.Client.DeleteBucketAsync("second.bucket-1");
        var left = await _fixture.Client.ListBucketsAsync();

        Assert.Equal("BucketAlreadyOwnedByYou", exists.ErrorCode);
        Assert.Equal(["second.bucket-1", "test"], listed.Buckets.Select(bucket => bucket.BucketName));
        Assert.Equal(["test"], left.Buckets.Select(bucket => bucket.BucketName));
    }

    [Fact]
    public async Task Bucket_WithObjects_IsNotDeleted()
    {
        await PutAsync("x");

        var exception = await Assert.ThrowsAnyAsync<AmazonS3Exception>(() => _fixture.Client.DeleteBucketAsync("test"));

        Assert.Equal("BucketNotEmpty", exception.ErrorCode);
    }

    [Fact]
    public async Task Bucket_WithABadName_IsRefused()
    {
        using var http = new HttpClient();

        using var response = await http.PutAsync(new Uri(_fixture.Server.BaseAddress, "Not_A_Bucket"), null);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("<Code>InvalidBucketName</Code>", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task VirtualHostStyle_NamesTheBucketInTheHost()
    {
        await PutAsync("a/b", "virtual");
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(_fixture.Server.BaseAddress, "a/b"));
        request.Headers.Host = $"test.localhost:{_fixture.Server.Port}";

        using var response = await http.SendAsync(request);

        Assert.Equal("virtual", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task List_Pages_ThroughEveryKeyOnceInOrder()
    {
        var keys = Enumerable.Range(0, 57).Select(n => $"k/{n:d3}").ToArray();
        await Task.WhenAll(keys.Reverse().Select(key => PutAsync(key)));

        var seen = new List<string>();
        var request = new ListObjectsV2Request { BucketName = "test", Prefix = "k/", MaxKeys = 10 };
        ListObjectsV2Response page;
        do
        {
            page = await _fixture.Client.ListObjectsV2Async(request);
            seen.AddRange(page.S3Objects.Select(entry => entry.Key));
            request.ContinuationToken = page.NextContinuationToken;
        }
        while (page.IsTruncated == true);

        Assert.Equal(keys, seen);
    }

    [Fact]
    public async Task List_OfAFullPage_IsNotTruncated()
    {
        await Task.WhenAll(PutAsync("1"), PutAsync("2"));

        var page = await _fixture.Client.ListObjectsV2Async(new ListObjectsV2Request { BucketName = "test", MaxKeys = 2 });

        Assert.Equal(2, page.KeyCount);
        Assert.False(page.IsTruncated);
    }

    [Fact]
    public async Task List_WithDelimiter_RollsUpAndPagesOverPrefixes()
    {
        foreach (var key in new[] { "a/1", "a/2", "b", "c/1", "c/d/1", "e" })
        {
            await PutAsync(key);
        }

        var all = await _fixture.Client.ListObjectsV2Async(new ListObjectsV2Request { BucketName = "test", Delimiter = "/" });
        var below = await _fixture.Client.ListObjectsV2Async(new ListObjectsV2Request { BucketName = "test", Delimiter = "/", Prefix = "c/" });
        var seen = new List<string>();
        var request = new ListObjectsV2Request { BucketName = "test", Delimiter = "/", MaxKeys = 1 };
        ListObjectsV2Response page;
        do
        {
            page = await _fixture.Client.ListObjectsV2Async(request);
            seen.AddRange(page.CommonPrefixes ?? []);
            seen.AddRange((page.S3Objects ?? []).Select(entry => entry.Key));
            request.ContinuationToken = page.NextContinuationToken;
        }
        while (page.IsTruncated == true);

        Assert.Equal(["a/", "c/"], all.CommonPrefixes);
        Assert.Equal(["b", "e"], all.S3Objects.Select(entry => entry.Key));
        Assert.Equal(["c/d/"], below.CommonPrefixes);
        Assert.Equal(["c/1"], below.S3Objects.Select(entry => entry.Key));
        Assert.Equal(["a/", "b", "c/", "e"], seen);
    }

    [Fact]
    public async Task ListV1_PagesByMarker()
    {
        foreach (var key in new[] { "a/1", "a/2", "b", "c/1" })
        {
            await PutAsync(key);
        }

        var seen = new List<string>();
        var request = new ListObjectsRequest { BucketName = "test", Delimiter = "/", MaxKeys = 1 };
        ListObjectsResponse page;
        do
        {
            page = await _fixture.Client.ListObjectsAsync(request);
            seen.AddRange(page.CommonPrefixes ?? []);
            seen.AddRange((page.S3Objects ?? []).Select(entry => entry.Key));
            request.Marker = page.NextMarker;
        }
        while (page.IsTruncated == true);

        Assert.Equal(["a/", "b", "c/"], seen);
    }

    [Fact]
    public async Task List_StartAfter_BeginsBehindTheKey()
    {
        await Task.WhenAll(PutAsync("1"), PutAsync("2"), PutAsync("3"));

        var page = await _fixture.Client.ListObjectsV2Async(new ListObjectsV2Request { BucketName = "test", StartAfter = "1" });

        Assert.Equal(["2", "3"], page.S3Objects.Select(entry => entry.Key));
    }

    [Fact]
    public async Task List_WithAForeignToken_IsInvalidArgument()
    {
        var exception = await Assert.ThrowsAsync<AmazonS3Exception>(() =>
            _fixture.Client.ListObjectsV2Async(new ListObjectsV2Request { BucketName = "test", ContinuationToken = "foreign" }));

        Assert.Equal("InvalidArgument", exception.ErrorCode);
    }

    [Fact]
    public async Task Restart_KeepsEverything()
    {
        var put = await PutAsync("kept/ü", "kept");
        await _fixture.Client.PutBucketAsync("empty");

        await _fixture.RestartAsync();

        using var got = await _fixture.Client.GetObjectAsync("test", "kept/ü");
        var buckets = await _fixture.Client.ListBucketsAsync();
        Assert.Equal(put.ETag, got.ETag);
        Assert.Equal("kept", await new StreamReader(got.ResponseStream).ReadToEndAsync());
        Assert.Equal(["empty", "test"], buckets.Buckets.Select(bucket => bucket.BucketName));
    }

    [Fact]
    public async Task AbandonedUpload_LeavesNothing()
    {
        using var http = new HttpClient();
        using var body = new StringContent("10\r\ntoo short");
        body.Headers.ContentEncoding.Add("aws-chunked");

        using var response = await http.PutAsync(new Uri(_fixture.Server.BaseAddress, "test/half"), body);

        Assert.Contains("<Code>IncompleteBody</Code>", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(0, (await _fixture.Client.ListObjectsV2Async(new ListObjectsV2Request { BucketName = "test" })).KeyCount);
        Assert.Empty(Directory.GetFiles(Path.Combine(_fixture.DataDirectory, "tmp")));
    }

    [Fact]
    public async Task DamagedFile_IsSetAsideAndTheRestServed()
    {
        await PutAsync("whole");
        await PutAsync("damaged", "damaged");
        var file = Directory.GetFiles(Path.Combine(_fixture.DataDirectory, "buckets"), "*", SearchOption.AllDirectories)
            .Single(path => File.ReadAllText(path).StartsWith("damaged", StringComparison.Ordinal));
        await using (var stream = File.OpenWrite(file))
        {
            stream.SetLength(stream.Length - 1);
        }

        await _fixture.RestartAsync();

        var listed = await _fixture.Client.ListObjectsV2Async(new ListObjectsV2Request { BucketName = "test" });
        Assert.Equal(["whole"], listed.S3Objects.Select(entry => entry.Key));
        Assert.True(File.Exists(file + ".broken"));
    }

    private Task<PutObjectResponse> PutAsync(string key, string text = "x") =>
        _fixture.Client.PutObjectAsync(new PutObjectRequest { BucketName = "test", Key = key, ContentBody = text });
}
