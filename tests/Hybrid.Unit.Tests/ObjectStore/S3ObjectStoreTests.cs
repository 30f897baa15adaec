using System.Net;
using System.Net.Sockets;
using System.Text;
using Hybrid.Contracts.Measurement;
using Hybrid.Pipeline.Hosting;
using Hybrid.Pipeline.Measurement;
using Hybrid.Pipeline.ObjectStore;
using Hybrid.Sandbox.S3;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hybrid.Unit.Tests.ObjectStore;

public sealed class S3ObjectStoreTests : IAsyncLifetime
{
    private readonly string _directory = Directory.CreateTempSubdirectory("hybrid-store-").FullName;
    private readonly HybridMetrics _metrics = new();
    private S3Server _server = null!;

    public async Task InitializeAsync()
    {
        _server = new S3Server(new S3ServerOptions { DataDirectory = _directory }, NullLoggerFactory.Instance);
        await _server.StartAsync();
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        _metrics.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    public async Task Object_PutAndOpened_IsTheSame()
    {
        using var store = await StoreAsync();

        var etag = await PutAsync(store, "dt=1/a b+c.ndjson", "hello");
        await using var content = await store.OpenAsync("dt=1/a b+c.ndjson", default);

        Assert.NotNull(content);
        Assert.Equal("hello", await new StreamReader(content.Body).ReadToEndAsync());
        Assert.Equal(etag, content.Entry.ETag);
        Assert.Equal(5, content.Entry.Size);
        Assert.InRange(content.Entry.LastModified, DateTimeOffset.UtcNow.AddMinutes(-5), DateTimeOffset.UtcNow.AddMinutes(5));
    }

    [Fact]
    public async Task Object_ThatIsNotThere_OpensAsNull()
    {
        using var store = await StoreAsync();

        Assert.Null(await store.OpenAsync("nothing", default));
    }

    [Fact]
    public async Task Listing_OfManyPages_IsWholeAndInOrder_BelowThePrefixOnly()
    {
        using var store = await StoreAsync(prefix: "source/");
        using var other = await StoreAsync();
        await PutAsync(other, "elsewhere/x", "x");
        await Parallel.ForAsync(0, 1_050, async (i, _) => await PutAsync(store, $"p/{i:0000}", "x"));
        await PutAsync(store, "q/0", "x");

        var all = await ListAsync(store, "p/", null);
        var rest = await ListAsync(store, "p/", "p/1047");

        Assert.Equal(Enumerable.Range(0, 1_050).Select(i => $"p/{i:0000}"), all.Select(entry => entry.Key));
        Assert.Equal(["p/1048", "p/1049"], rest.Select(entry => entry.Key));
        Assert.All(all, entry => Assert.DoesNotContain('"', entry.ETag));
    }

    [Fact]
    public async Task Put_WithACondition_WritesOnlyWhenItHolds()
    {
        using var store = await StoreAsync();

        var first = await PutAsync(store, "cursor", "1", ObjectCondition.Absent);
        Assert.NotNull(first);
        Assert.Null(await PutAsync(store, "cursor", "2", ObjectCondition.Absent));
        var second = await PutAsync(store, "cursor", "2", first);
        Assert.NotNull(second);
        Assert.Null(await PutAsync(store, "cursor", "3", first));
        Assert.Null(await PutAsync(store, "other", "1", first));
    }

    [Fact]
    public async Task RequestsAndBytes_AreCounted()
    {
        using var recorder = new MetricsRecorder(_metrics);
        using var store = await StoreAsync();
        await PutAsync(store, "a", new string('x', 1_000));

        await using (var content = await store.OpenAsync("a", default))
        {
            await content!.Body.CopyToAsync(Stream.Null);
        }

        var counters = recorder.Counters();
        Assert.Equal(1_000, counters[Instruments.StoreBytesRead]);
        Assert.Equal(4, counters[Instruments.StoreRequests]);
    }

    [Fact]
    public async Task Bucket_ThatDoesNotExist_IsAWrongCall()
    {
        using var store = Store(_server.BaseAddress.ToString(), "absent");

        var failure = await Assert.ThrowsAsync<HybridException>(() => ListAsync(store, "", null));

        Assert.Equal(ExitCodes.WrongCall, failure.ExitCode);
        Assert.Equal(
            $"the bucket 'absent' at {_server.BaseAddress} does not exist: create it or correct ObjectStore:Bucket", failure.Message);
    }

    [Fact]
    public async Task Request_ThatIsRefused_GivesTheStoresOwnWords()
    {
        using var store = Store(_server.BaseAddress.ToString(), "x");

        var failure = await Assert.ThrowsAsync<HybridException>(() => store.EnsureBucketAsync(default));

        Assert.Equal(ExitCodes.WrongCall, failure.ExitCode);
        Assert.StartsWith($"the bucket 'x' at {_server.BaseAddress} refuses the request (InvalidBucketName: ", failure.Message);
        Assert.DoesNotContain("Exception", failure.Message);
    }

    [Fact]
    public async Task Store_ThatDoesNotAnswer_IsUnreachableInOneLine()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var url = $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}";
        listener.Stop();
        using var store = Store(url, "b");

        foreach (var call in new Func<Task>[]
        {
            () => store.EnsureBucketAsync(default),
            () => ListAsync(store, "", null),
            () => store.OpenAsync("a", default),
            () => PutAsync(store, "a", "x"),
        })
        {
            var failure = await Assert.ThrowsAsync<HybridException>(call);
            Assert.Equal(ExitCodes.Unreachable, failure.ExitCode);
            Assert.StartsWith($"the object store at {url} does not answer (Connection refused", failure.Message);
            Assert.DoesNotContain('\n', failure.Message);
        }
    }

    [Fact]
    public async Task Connection_ThatEndsBeforeTheObject_IsAnError_NotAShortObject()
    {
        var part = new ObjectPart(new MemoryStream(new byte[10]), Stream.Null);
        var body = new ObjectBody(part, new ObjectEntry("a", "e", 11, default), new ObjectRest((_, _) => throw new InvalidOperationException(), 0), _metrics);

        var failure = await Assert.ThrowsAsync<IOException>(() => body.CopyToAsync(Stream.Null));

        Assert.Equal("object 'a': the connection ended after 10 of 11 bytes", failure.Message);
    }

    [Fact]
    public async Task Connection_ThatBreaksInTheMiddle_IsTakenUpWhereItBroke()
    {
        await using var proxy = new CuttingProxy(_server.BaseAddress);
        using var recorder = new MetricsRecorder(_metrics);
        using var store = new S3ObjectStore(new ObjectStoreOptions { ServiceUrl = proxy.Url, Bucket = "bucket", MaxRetries = 3 }, _metrics);
        await store.EnsureBucketAsync(default);
        var bytes = new byte[3_000_000];
        new Random(7).NextBytes(bytes);
        await store.PutAsync("a b/ü", new MemoryStream(bytes), null, default);

        proxy.CutAfter(700_000, 0, 1_000_000);
        await using var content = await store.OpenAsync("a b/ü", default);
        using var read = new MemoryStream();
        await content!.Body.CopyToAsync(read);

        Assert.Equal(bytes, read.ToArray());
        Assert.Equal(3, proxy.Cuts);
        Assert.InRange(recorder.Counters()[Instruments.StoreResumes], 2, 3);
        Assert.Equal(bytes.Length, recorder.Counters()[Instruments.StoreBytesRead]);
    }

    [Fact]
    public async Task Object_ThatIsReplacedWhileItsConnectionBreaks_IsNotPutTogetherFromTwo()
    {
        await using var proxy = new CuttingProxy(_server.BaseAddress);
        using var store = new S3ObjectStore(new ObjectStoreOptions { ServiceUrl = proxy.Url, Bucket = "bucket", MaxRetries = 3 }, _metrics);
        await store.EnsureBucketAsync(default);
        await store.PutAsync("a", new MemoryStream(new byte[3_000_000]), null, default);

        proxy.CutAfter(1_000_000);
        await using var content = await store.OpenAsync("a", default);
        await store.PutAsync("a", new MemoryStream(new byte[3_000_001]), null, default);
        var failure = await Assert.ThrowsAsync<ReplacedObjectException>(() => content!.Body.CopyToAsync(Stream.Null));

        Assert.Equal("object 'a' was replaced or deleted while it was read", failure.Message);
    }

    [Theory]
    [InlineData("not an address", null, null, "", "ObjectStore:ServiceUrl")]
    [InlineData("http://127.0.0.1:1", "key", null, "", "ObjectStore:SecretKey")]
    [InlineData("http://127.0.0.1:1", null, null, "source", "ObjectStore:Prefix")]
    public void Options_ThatContradict_AreAWrongCall(string url, string? accessKey, string? secretKey, string prefix, string names)
    {
        var options = new ObjectStoreOptions { ServiceUrl = url, AccessKey = accessKey, SecretKey = secretKey, Prefix = prefix };

        var failure = Assert.Throws<HybridException>(() => new S3ObjectStore(options, _metrics));

        Assert.Equal(ExitCodes.WrongCall, failure.ExitCode);
        Assert.Contains(names, failure.Message);
    }

    private S3ObjectStore Store(string url, string bucket, string prefix = "") =>
        new(new ObjectStoreOptions { ServiceUrl = url, Bucket = bucket, Prefix = prefix, MaxRetries = 0 }, _metrics);

    private async Task<S3ObjectStore> StoreAsync(string prefix = "")
    {
        var store = Store(_server.BaseAddress.ToString(), "bucket", prefix);
        await store.EnsureBucketAsync(default);
        return store;
    }

    private static async Task<string?> PutAsync(IObjectStore store, string key, string text, string? ifMatch = null) =>
        await store.PutAsync(key, new MemoryStream(Encoding.UTF8.GetBytes(text)), ifMatch, default);

    private static async Task<List<ObjectEntry>> ListAsync(IObjectStore store, string prefix, string? startAfter)
    {
        var entries = new List<ObjectEntry>();
        await foreach (var entry in store.ListAsync(prefix, startAfter, default))
        {
            entries.Add(entry);
        }

        return entries;
    }
}
