using System.Security.Cryptography;
using Hybrid.Sandbox.S3;
using Hybrid.Sandbox.Tests.Conformance.Peers;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hybrid.Sandbox.Tests.Conformance.S3;

/// <summary>s3cmd, every request signed, through what it is used for.</summary>
[Trait("Peer", "debian")]
public sealed class S3CmdTests : IAsyncLifetime
{
    private readonly TemporaryDirectory _directory = new();
    private S3Server _server = null!;
    private string _settings = null!;

    public async Task InitializeAsync()
    {
        _server = new S3Server(
            new S3ServerOptions { DataDirectory = Path.Combine(_directory.Path, "data"), AccessKey = "key", SecretKey = "secret" },
            NullLoggerFactory.Instance);
        await _server.StartAsync();
        _settings = await WriteAsync("s3cfg", "[default]\naccess_key = key\nsecret_key = secret\nuse_https = False\n"
            + $"host_base = 127.0.0.1:{_server.Port}\nhost_bucket = 127.0.0.1:{_server.Port}\nprogress_meter = False\n");
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        _directory.Dispose();
    }

    [Fact]
    public async Task Sync_ThereAndBack_MovesOnlyWhatChanged()
    {
        await WriteAsync("tree/a.txt", "a");
        await WriteAsync("tree/below/ü b+c.txt", "b");
        var tree = Path.Combine(_directory.Path, "tree") + "/";
        var back = Path.Combine(_directory.Path, "back") + "/";
        Directory.CreateDirectory(back);
        await RunAsync("mb", "s3://sync");

        await RunAsync("sync", tree, "s3://sync/tree/");
        var before = _server.RequestCounts["PutObject"];
        await WriteAsync("tree/a.txt", "changed");
        await RunAsync("sync", tree, "s3://sync/tree/");
        await RunAsync("sync", "s3://sync/tree/", back);
        File.Delete(Path.Combine(tree, "a.txt"));
        await RunAsync("sync", "--delete-removed", tree, "s3://sync/tree/");
        var listed = await RunAsync("ls", "--recursive", "s3://sync");

        Assert.Equal(2, before);
        Assert.Equal(3, _server.RequestCounts["PutObject"]);
        Assert.Equal("changed", await File.ReadAllTextAsync(Path.Combine(back, "a.txt")));
        Assert.Equal("b", await File.ReadAllTextAsync(Path.Combine(back, "below", "ü b+c.txt")));
        Assert.Equal(["s3://sync/tree/below/ü b+c.txt"], Uris(listed));
    }

    [Fact]
    public async Task LargeFile_GoesUpInParts_AndIsCopiedInParts()
    {
        var body = RandomNumberGenerator.GetBytes((11 << 20) + 17);
        var file = Path.Combine(_directory.Path, "large");
        await File.WriteAllBytesAsync(file, body);
        await RunAsync("mb", "s3://parts");

        await RunAsync("put", "--multipart-chunk-size-mb=5", file, "s3://parts/large");
        await RunAsync("cp", "s3://parts/large", "s3://parts/copied");
        await RunAsync("mv", "s3://parts/copied", "s3://parts/moved");
        var pending = await RunAsync("multipart", "s3://parts");
        await RunAsync("get", "s3://parts/moved", file + ".back");

        Assert.Equal(3, _server.RequestCounts["UploadPart"]);
        Assert.Equal(1, _server.RequestCounts["CompleteMultipartUpload"]);
        Assert.Equal(body, await File.ReadAllBytesAsync(file + ".back"));
        Assert.DoesNotContain("large", pending, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Download_ThatWasCutOff_GoesOnWhereItEnded()
    {
        await RunAsync("mb", "s3://continue");
        await RunAsync("put", await WriteAsync("whole", "0123456789"), "s3://continue/whole");
        var half = await WriteAsync("half", "01234");

        await RunAsync("get", "--continue", "s3://continue/whole", half);

        Assert.Equal("0123456789", await File.ReadAllTextAsync(half));
    }

    [Fact]
    public async Task Info_ShowsHeadersAndMetadata_OfObjectAndBucket()
    {
        await RunAsync("mb", "s3://info");
        await RunAsync("put", "--mime-type=text/csv", "--add-header=x-amz-meta-colour:blue", await WriteAsync("f", "x"), "s3://info/f");
        await RunAsync("modify", "--add-header=Cache-Control:no-store", "s3://info/f");

        var entry = await RunAsync("info", "s3://info/f");
        var bucket = await RunAsync("info", "s3://info");

        Assert.Contains("MIME type: text/csv", entry, StringComparison.Ordinal);
        Assert.Contains("x-amz-meta-colour: blue", entry, StringComparison.Ordinal);
        Assert.Contains("sandbox: FULL_CONTROL", entry, StringComparison.Ordinal);
        Assert.Contains("Location:  us-east-1", bucket, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Listing_RollsUpDirectories_AndDuCountsThem()
    {
        await RunAsync("mb", "s3://listing");
        var file = await WriteAsync("f", "12345");
        await RunAsync("put", file, "s3://listing/top");
        await RunAsync("put", file, "s3://listing/a/1");
        await RunAsync("put", file, "s3://listing/b/1");

        Assert.Equal(["s3://listing/a/", "s3://listing/b/", "s3://listing/top"], Uris(await RunAsync("ls", "s3://listing")));
        Assert.Equal(["s3://listing"], Uris(await RunAsync("ls")));
        Assert.StartsWith("15 ", (await RunAsync("du", "s3://listing")).TrimStart(), StringComparison.Ordinal);
        await RunAsync("rb", "--recursive", "--force", "s3://listing");
        Assert.Empty(Uris(await RunAsync("ls")));
    }

    [Fact]
    public async Task Errors_AreS3sOwn()
    {
        var none = await S3CmdAsync("ls", "s3://none");
        var missing = await S3CmdAsync("info", "s3://none/x");
        var forged = await S3CmdAsync("--secret_key=wrong", "ls");
        await RunAsync("mb", "s3://full");
        await RunAsync("put", await WriteAsync("f", "x"), "s3://full/x");
        var full = await S3CmdAsync("rb", "s3://full");

        Assert.Equal(12, none.ExitCode);
        Assert.Contains("404 (NoSuchBucket)", none.Error, StringComparison.Ordinal);
        Assert.NotEqual(0, missing.ExitCode);
        Assert.Contains("403 (SignatureDoesNotMatch)", forged.Error, StringComparison.Ordinal);
        Assert.Contains("409 (BucketNotEmpty)", full.Error, StringComparison.Ordinal);
    }

    private static IReadOnlyList<string> Uris(string listing) =>
        [.. listing.Split('\n').Where(static line => line.Contains("s3://", StringComparison.Ordinal))
            .Select(static line => line[line.IndexOf("s3://", StringComparison.Ordinal)..])];

    private Task<PeerResult> S3CmdAsync(params string[] arguments) => Peer.S3Cmd.RunAsync([$"--config={_settings}", .. arguments]);

    private async Task<string> RunAsync(params string[] arguments) => (await S3CmdAsync(arguments)).Succeeded();

    private async Task<string> WriteAsync(string name, string text)
    {
        var path = Path.Combine(_directory.Path, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await File.WriteAllTextAsync(path, text);
        return path;
    }
}
