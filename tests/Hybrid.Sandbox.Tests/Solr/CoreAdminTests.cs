using System.Net;
using Hybrid.Sandbox.Solr.Index;

namespace Hybrid.Sandbox.Tests.Solr;

public sealed class CoreAdminTests : SolrTest
{
    [Fact]
    public async Task ACore_IsCreatedPingedAndUnloaded()
    {
        var created = await Solr.GetAsync("admin/cores?action=CREATE&name=two&configSet=hybrid");
        Assert.Equal(HttpStatusCode.OK, created.Status);
        Assert.Equal("two", (string)created.Json["core"]!);
        Assert.Equal("OK", (string)(await Solr.GetAsync("two/admin/ping?wt=json")).Json["status"]!);
        await Solr.PostAsync("two/update?commit=true", """[{"id":"a"}]""", "application/json");
        var status = await Solr.GetAsync("admin/cores?action=STATUS&core=two");
        Assert.Equal(1, (int)status.Json["status"]!["two"]!["index"]!["numDocs"]!);

        Assert.Equal(HttpStatusCode.OK, (await Solr.GetAsync("admin/cores?action=UNLOAD&core=two&deleteInstanceDir=true")).Status);

        Assert.Equal(HttpStatusCode.NotFound, (await Solr.GetAsync("two/admin/ping")).Status);
        Assert.False(Directory.Exists(Path.Combine(DataDirectory, "two")));
        Assert.Empty((await Solr.GetAsync("admin/cores?action=STATUS&core=two")).Json["status"]!["two"]!.AsObject());
    }

    [Theory]
    [InlineData("action=CREATE&name=shop&configSet=hybrid", 500, "Core with name 'shop' already exists.")]
    [InlineData("action=CREATE&configSet=hybrid", 400, "Missing required parameter: name")]
    [InlineData("action=UNLOAD&core=nobody", 400, "Cannot unload non-existent core [nobody]")]
    [InlineData("action=RELOAD&core=nobody", 400, "No such core: nobody")]
    [InlineData("action=SWAP&core=shop", 400, "Missing required parameter: other")]
    [InlineData("action=SWAP&core=shop&other=nobody", 400, "No such core: nobody")]
    [InlineData("action=RENAME&core=shop&other=x", 400, "the core action RENAME is not supported by the sandbox")]
    public async Task AMistake_IsAnsweredInSolrsWords(string parameters, int status, string message)
    {
        var answer = await Solr.GetAsync($"admin/cores?{parameters}");

        Assert.Equal(status, (int)answer.Status);
        Assert.Equal(message, answer.Error);
    }

    [Fact]
    public async Task SwappedCores_HaveEachOthersNames_AlsoAfterARestart_AndTheOldOneIsUnloaded()
    {
        await Solr.GetAsync("admin/cores?action=CREATE&name=fresh&configSet=hybrid");
        await Solr.UpdateAsync("""[{"id":"old"}]""", "commit=true");
        await Solr.PostAsync("fresh/update?commit=true", """[{"id":"new"}]""", "application/json");

        Assert.Equal(HttpStatusCode.OK, (await Solr.GetAsync("admin/cores?action=SWAP&core=shop&other=fresh")).Status);
        Assert.Equal("new", await Solr.IdsAsync("*:*"));
        await RestartAsync();
        Assert.Equal("new", await Solr.IdsAsync("*:*"));
        Assert.Equal(1, (await Solr.GetAsync("fresh/select?q=id:old")).NumFound);

        await Solr.GetAsync("admin/cores?action=UNLOAD&core=fresh&deleteInstanceDir=true");
        Assert.Equal("new", await Solr.IdsAsync("*:*"));
        var taken = await Solr.GetAsync("admin/cores?action=CREATE&name=fresh&configSet=hybrid");
        Assert.Equal(HttpStatusCode.InternalServerError, taken.Status);
        Assert.Contains("another core is already defined there", taken.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SwapThatWasCutOff_IsFinishedByTheNextStart()
    {
        await Solr.GetAsync("admin/cores?action=CREATE&name=fresh&configSet=hybrid");
        await Solr.UpdateAsync("""[{"id":"old"}]""", "commit=true");
        await Solr.PostAsync("fresh/update?commit=true", """[{"id":"new"}]""", "application/json");
        CoreSwap.Begin(DataDirectory, (Path.Combine(DataDirectory, "shop"), "fresh"), (Path.Combine(DataDirectory, "fresh"), "shop"));

        await RestartAsync();
        Assert.Equal("new", await Solr.IdsAsync("*:*"));
        await RestartAsync();
        Assert.Equal("new", await Solr.IdsAsync("*:*"));
    }

    [Theory]
    [InlineData("name=x&configSet=nope")]
    [InlineData("name=x")]
    [InlineData("name=..%2Fx&configSet=hybrid")]
    [InlineData("name=..&configSet=hybrid")]
    [InlineData("name=-x&configSet=hybrid")]
    public async Task ACore_WithABadNameOrConfigset_IsNotMade(string parameters)
    {
        Assert.Equal(HttpStatusCode.BadRequest, (await Solr.GetAsync($"admin/cores?action=CREATE&{parameters}")).Status);
        Assert.Equal(["shop"], (await Solr.GetAsync("admin/cores")).Json["status"]!.AsObject().Select(core => core.Key));
    }

    [Fact]
    public async Task TheSystem_SaysThatItIsNoCluster()
    {
        Assert.Equal("std", (string)(await Solr.GetAsync("admin/info/system")).Json["mode"]!);
        var collections = await Solr.GetAsync("admin/collections?action=LIST");
        Assert.Equal(HttpStatusCode.BadRequest, collections.Status);
        Assert.Equal("Solr instance is not running in SolrCloud mode.", collections.Error);
    }

    [Fact]
    public async Task Requests_AreCountedByCoreAndHandler()
    {
        await Solr.UpdateAsync("[]", "commit=true");
        await Solr.UpdateAsync("[]");
        await Solr.SelectAsync("q=*:*");

        var counts = Solr.Server.RequestCounts;
        Assert.Equal(2, counts["shop/update"]);
        Assert.Equal(1, counts["shop/select"]);
        Assert.Equal(1, counts["shop/commit.hard"]);
        Assert.Equal(1, counts["/admin/cores"]);
    }
}
