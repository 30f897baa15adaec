using System.Net;
using Hybrid.EndToEnd.Tests.CommandLine;

namespace Hybrid.EndToEnd.Tests.Sandbox;

public sealed class FaultVerbTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("hybrid-faults-");
    private readonly HttpClient _http = new();

    private string Data => Path.Combine(_directory.FullName, "sandbox");

    public void Dispose()
    {
        _http.Dispose();
        _directory.Delete(recursive: true);
    }

    [Fact]
    public async Task Fault_IsInjectedListedShownAndCleared()
    {
        var file = Path.Combine(_directory.FullName, "faults.json");
        await File.WriteAllTextAsync(file, """[{"service":"registry","operation":"ListSubjects","error":"503","times":1}]""");
        await using var sandbox = HybridProcess.Start(null, "sandbox", "--data", Data, "--faults", file);
        var endpoints = await SandboxProcess.EndpointsAsync(sandbox, Data);
        using var first = await _http.GetAsync($"{endpoints.RegistryUrl}/subjects");
        using var second = await _http.GetAsync($"{endpoints.RegistryUrl}/subjects");
        Assert.Equal((HttpStatusCode.ServiceUnavailable, HttpStatusCode.OK), (first.StatusCode, second.StatusCode));

        Assert.Equal(
            "fault 2: s3 listing-lag 1h..2h on ListObjectsV2 of late/*, seed 7, until cleared",
            await SandboxAsync("fault", "s3", "--operation", "ListObjectsV2", "--listing-lag", "1h..2h", "--key", "late/*", "--seed", "7"));
        using var bucket = await _http.PutAsync($"{endpoints.S3Url}/shop", null);
        using var put = await _http.PutAsync($"{endpoints.S3Url}/shop/late/object", new StringContent("content"));
        var listing = $"{endpoints.S3Url}/shop?list-type=2";
        Assert.DoesNotContain("late/object", await _http.GetStringAsync(listing), StringComparison.Ordinal);

        var listed = await SandboxAsync("fault", "list");
        Assert.Matches("1 +registry +error 503 .* 1 of 1 +over", listed);
        Assert.Matches("2 +s3 +listing-lag 1h..2h .* 7 +1 of 1 +until cleared", listed);
        var status = await SandboxAsync("status");
        Assert.Matches("s3 +PutObject +1", status);
        Assert.Matches("2 +s3 +listing-lag", status);
        Assert.Contains("\"kind\": \"listing-lag\"", await SandboxAsync("status", "--json"), StringComparison.Ordinal);

        Assert.Equal("1 fault cleared", await SandboxAsync("fault", "clear", "2"));
        Assert.Contains("late/object", await _http.GetStringAsync(listing), StringComparison.Ordinal);
        Assert.Equal("1 fault cleared", await SandboxAsync("fault", "clear"));
        Assert.Equal("no fault is in force", await SandboxAsync("fault", "list"));
        Assert.StartsWith("fault 3: solr disk-full 0 on everything", await SandboxAsync("fault", "add", "solr", "--disk-full", "--for", "1m"), StringComparison.Ordinal);
    }

    private async Task<string> SandboxAsync(params string[] call)
    {
        var (code, output, errors) = await HybridProcess.RunAsync(["sandbox", .. call, "--data", Data]);
        Assert.Equal((0, ""), (code, errors));
        return output.Trim();
    }
}
