using System.Net;
using Amazon.S3;
using Amazon.S3.Model;
using Hybrid.Sandbox.Tests.S3;

namespace Hybrid.Sandbox.Tests.Faults;

public sealed class S3FaultTests(FaultFixture fixture) : IClassFixture<FaultFixture>
{
    [Fact]
    public async Task ListingLag_HidesWhatIsPutUntilItIsCleared()
    {
        await fixture.PutAsync("lag/before");
        using (fixture.Inject(new() { Service = "s3", Operation = "ListObjectsV2", ListingLag = "1h..2h" }))
        {
            await fixture.PutAsync("lag/during");

            Assert.Equal(["lag/before"], await fixture.ListAsync("lag/"));
            Assert.Equal("content", await fixture.ReadAsync("lag/during"));
        }

        Assert.Equal(["lag/before", "lag/during"], await fixture.ListAsync("lag/"));
    }

    [Fact]
    public async Task ListingLag_EndsForEachObjectByItself()
    {
        using var fault = fixture.Inject(new() { Service = "s3", ListingLag = "100ms..500ms" });
        await fixture.PutAsync("soon/object");

        await FaultFixture.UntilAsync(async () => (await fixture.ListAsync("soon/")).Count == 1);
    }

    [Fact]
    public async Task ListingLag_OfAReplacedObject_ShowsTheOneBefore()
    {
        await fixture.PutAsync("replaced", "one");
        using var fault = fixture.Inject(new() { Service = "s3", ListingLag = "1h" });
        await fixture.PutAsync("replaced", "second");
        await fixture.PutAsync("replaced", "the third");

        var listed = await fixture.S3.ListObjectsV2Async(new ListObjectsV2Request { BucketName = FaultFixture.Bucket, Prefix = "replaced" });

        Assert.Equal(3, Assert.Single(listed.S3Objects).Size);
        Assert.Equal("the third", await fixture.ReadAsync("replaced"));
    }

    [Fact]
    public async Task ListingLag_WithARateAndASeed_BefallsTheSameKeysAgain()
    {
        var hidden = new List<List<string>>();
        foreach (var seed in (long[])[7, 7, 8])
        {
            using var fault = fixture.Inject(new() { Service = "s3", ListingLag = "1h", Rate = 0.5, Seed = seed, Target = "repeat/*" });
            for (var key = 0; key < 24; key++)
            {
                await fixture.PutAsync($"repeat/{key:d2}");
            }

            hidden.Add([.. Enumerable.Range(0, 24).Select(key => $"repeat/{key:d2}").Except(await fixture.ListAsync("repeat/"))]);
            await fixture.S3.DeleteObjectsAsync(new DeleteObjectsRequest
            {
                BucketName = FaultFixture.Bucket,
                Objects = [.. Enumerable.Range(0, 24).Select(key => new KeyVersion { Key = $"repeat/{key:d2}" })],
            });
        }

        Assert.InRange(hidden[0].Count, 4, 20);
        Assert.Equal(hidden[0], hidden[1]);
        Assert.NotEqual(hidden[0], hidden[2]);
    }

    [Fact]
    public async Task ListingLag_AcrossPages_LosesNothingThatIsVisible()
    {
        for (var key = 0; key < 20; key += 2)
        {
            await fixture.PutAsync($"pages/{key:d2}");
        }

        using var fault = fixture.Inject(new() { Service = "s3", ListingLag = "1h" });
        for (var key = 1; key < 20; key += 2)
        {
            await fixture.PutAsync($"pages/{key:d2}");
        }

        var keys = new List<string>();
        var request = new ListObjectsV2Request { BucketName = FaultFixture.Bucket, Prefix = "pages/", MaxKeys = 3 };
        ListObjectsV2Response page;
        do
        {
            page = await fixture.S3.ListObjectsV2Async(request);
            keys.AddRange(page.S3Objects.Select(entry => entry.Key));
            request.ContinuationToken = page.NextContinuationToken;
        }
        while (page.IsTruncated == true);

        Assert.Equal([.. Enumerable.Range(0, 10).Select(key => $"pages/{2 * key:d2}")], keys);
        request = new ListObjectsV2Request { BucketName = FaultFixture.Bucket, Prefix = "pages/0", Delimiter = "1" };
        Assert.Empty((await fixture.S3.ListObjectsV2Async(request)).CommonPrefixes ?? []);
    }

    [Fact]
    public async Task Vanish_TakesAnObjectOutOfListingsAndBringsItBack()
    {
        await fixture.PutAsync("away/object");
        using (fixture.Inject(new() { Service = "s3", Vanish = "150ms", Rate = 0.5 }))
        {
            for (var round = 0; round < 2; round++)
            {
                await FaultFixture.UntilAsync(async () => (await fixture.ListAsync("away/")).Count == 0);
                await FaultFixture.UntilAsync(async () => (await fixture.ListAsync("away/")).Count == 1);
            }
        }

        Assert.Single(await fixture.ListAsync("away/"));
    }

    [Theory]
    [InlineData("429", HttpStatusCode.TooManyRequests, "SlowDown")]
    [InlineData("503", HttpStatusCode.ServiceUnavailable, "ServiceUnavailable")]
    [InlineData("SlowDown", HttpStatusCode.ServiceUnavailable, "SlowDown")]
    [InlineData("500", HttpStatusCode.InternalServerError, "InternalError")]
    [InlineData("AccessDenied", HttpStatusCode.Forbidden, "AccessDenied")]
    public async Task Error_IsWhatTheSdkReadsItAs(string error, HttpStatusCode status, string code)
    {
        using (fixture.Inject(new() { Service = "s3", Operation = "Put*", Target = "errors/*", Error = error }))
        {
            var refused = await Assert.ThrowsAsync<AmazonS3Exception>(() => fixture.PutAsync($"errors/{error}"));
            Assert.Equal((status, code), (refused.StatusCode, refused.ErrorCode));
            await fixture.PutAsync("others/taken");
        }

        Assert.DoesNotContain($"errors/{error}", await fixture.ListAsync("errors/"));
        await fixture.PutAsync($"errors/{error}");
    }

    [Fact]
    public async Task Error_SlowDown_SaysWhenToRetryAndTheSdkDoes()
    {
        using var fault = fixture.Inject(new() { Service = "s3", Error = "429", RetryAfter = "2s", Times = 2 });
        using var raw = await fixture.Http.GetAsync($"{fixture.Sandbox.Endpoints.S3Url}/{FaultFixture.Bucket}?list-type=2");
        using var patient = new AmazonS3Client(
            "sandbox",
            "sandbox-secret",
            new AmazonS3Config { ServiceURL = fixture.Sandbox.Endpoints.S3Url, ForcePathStyle = true, AuthenticationRegion = "us-east-1", MaxErrorRetry = 3 });

        Assert.Equal(TimeSpan.FromSeconds(2), raw.Headers.RetryAfter!.Delta);
        await patient.PutObjectAsync(new PutObjectRequest { BucketName = FaultFixture.Bucket, Key = "retried", ContentBody = "x" });
        Assert.Equal((2, false), (fault.Status.Hits, fault.Status.InForce));
    }

    [Fact]
    public async Task Drop_BeforeHandling_LeavesNothingAndAfterHandling_LeavesTheObject()
    {
        foreach (var when in (string[])["before", "after"])
        {
            using var fault = fixture.Inject(new() { Service = "s3", Operation = "PutObject", Drop = true, When = when });
            await Assert.ThrowsAnyAsync<Exception>(() => fixture.PutAsync($"dropped/{when}"));
        }

        Assert.Equal(["dropped/after"], await fixture.ListAsync("dropped/"));
        await fixture.PutAsync("dropped/before");
    }

    [Fact]
    public async Task Down_RefusesEveryRequestUntilItIsOver()
    {
        await fixture.PutAsync("down");
        using (fixture.Inject(new() { Service = "s3", Down = true }))
        {
            await Assert.ThrowsAnyAsync<Exception>(() => fixture.ReadAsync("down"));
            using var other = S3Fixture.ClientOf(new Uri(fixture.Sandbox.Endpoints.S3Url!), whenRequired: true);
            await Assert.ThrowsAnyAsync<Exception>(() => other.ListBucketsAsync());
        }

        Assert.Equal("content", await fixture.ReadAsync("down"));
    }

    [Theory]
    [InlineData("before")]
    [InlineData("after")]
    public async Task Latency_HoldsARequestUntilTheFaultIsCleared(string when)
    {
        Task put;
        using (var fault = fixture.Inject(new() { Service = "s3", Operation = "PutObject", Latency = "1h", When = when }))
        {
            put = fixture.PutAsync($"late/{when}");
            await FaultFixture.UntilAsync(() => Task.FromResult(fault.Status.Hits == 1));
            await FaultFixture.UntilAsync(async () => (await fixture.ListAsync("late/")).Contains($"late/{when}") == (when == "after"));
            Assert.False(put.IsCompleted);
        }

        await put;
        Assert.Contains($"late/{when}", await fixture.ListAsync("late/"));
    }
}
