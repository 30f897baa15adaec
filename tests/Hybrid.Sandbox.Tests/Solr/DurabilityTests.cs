using System.Net;

namespace Hybrid.Sandbox.Tests.Solr;

public sealed class DurabilityTests : SolrTest
{
    private string CoreData => Path.Combine(DataDirectory, RunningSolr.Core, "data");

    [Fact]
    public async Task WhatWasAcknowledged_IsThereAndVisibleAfterARestart_CommittedOrNot()
    {
        await Solr.UpdateThroughAsync("attributes", """[{"id":"a","attributes_version_l":10,"title_t":{"set":"T"},"signal_related_ss":{"set":["x","y"]}}]""");
        await Solr.UpdateAsync("""[{"id":"b","price_d":1.5},{"id":"c"}]""");
        await Solr.UpdateAsync("""{"delete":"c"}""");
        var before = await Solr.RealTimeAsync("a");

        await RestartAsync();

        Assert.Equal("a b", await Solr.IdsAsync("*:*"));
        Assert.Equal(before!.ToJsonString(), (await Solr.RealTimeAsync("a"))!.ToJsonString());
        await Solr.UpdateThroughAsync("attributes", """[{"id":"a","attributes_version_l":10,"title_t":{"set":"old"}}]""");
        Assert.Equal("T", (string)(await Solr.RealTimeAsync("a"))!["title_t"]!);
    }

    [Fact]
    public async Task AKilledProcess_LosesNothingItAcknowledged()
    {
        await Solr.UpdateAsync("""[{"id":"a"},{"id":"b"}]""");
        using var copy = new TemporaryDirectory();
        CopyData(DataDirectory, copy.Path);

        await using var survivor = await RunningSolr.StartAsync(copy.Path);
        Assert.Equal("a b", await survivor.IdsAsync("*:*"));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(9)]
    [InlineData(20)]
    public async Task ATornTail_IsCutOffAndTheLogGoesOn(int bytes)
    {
        await Solr.UpdateAsync("""[{"id":"a"},{"id":"b"}]""");
        await Solr.DisposeAsync();
        var log = Directory.GetFiles(CoreData, "log-*").Single();
        var whole = new FileInfo(log).Length;
        await using (var file = new FileStream(log, FileMode.Append))
        {
            file.Write(File.ReadAllBytes(log).AsSpan((int)whole - 30, bytes));
        }

        await RestartAsync();
        Assert.Equal("a b", await Solr.IdsAsync("*:*"));
        await Solr.UpdateAsync("""[{"id":"c"}]""");
        await RestartAsync();
        Assert.Equal("a b c", await Solr.IdsAsync("*:*"));
    }

    [Fact]
    public async Task AHalfWrittenDocument_IsNotThere()
    {
        await Solr.UpdateAsync("""[{"id":"a"},{"id":"b"}]""");
        await Solr.DisposeAsync();
        var log = Directory.GetFiles(CoreData, "log-*").Single();
        await using (var file = new FileStream(log, FileMode.Open))
        {
            file.SetLength(file.Length - 1);
        }

        await RestartAsync();
        Assert.Equal("a", await Solr.IdsAsync("*:*"));
    }

    [Fact]
    public async Task TheLog_IsCompactedAtACommit_AndKeepsEveryDocument()
    {
        using var directory = new TemporaryDirectory();
        await using (var solr = await RunningSolr.StartAsync(directory.Path, compactionBytes: 10_000))
        {
            for (var round = 0; round < 20; round++)
            {
                var documents = string.Join(',', Enumerable.Range(0, 100).Select(id => $$"""{"id":"{{id:D3}}","quantity_l":{{round}}}"""));
                await solr.UpdateAsync($"[{documents}]", "commit=true");
            }

            await solr.UpdateAsync("""{"delete":["000","001"]}""");
        }

        var data = Path.Combine(directory.Path, RunningSolr.Core, "data");
        Assert.NotEmpty(Directory.GetFiles(data, "snapshot-*"));
        Assert.InRange(Directory.GetFiles(data).Sum(file => new FileInfo(file).Length), 1, 60_000);
        await using var again = await RunningSolr.StartAsync(directory.Path);
        Assert.Equal(98, (await again.SelectAsync("q=quantity_l:19&rows=0")).NumFound);
    }

    [Fact]
    public async Task DeletingEverything_LastsOverARestart()
    {
        await Solr.UpdateAsync("""[{"id":"a"},{"id":"b"}]""", "commit=true");
        await Solr.UpdateAsync("""{"delete":{"query":"*:*"},"add":{"doc":{"id":"c"}}}""");

        await RestartAsync();

        Assert.Equal("c", await Solr.IdsAsync("*:*"));
    }

    [Fact]
    public async Task Versions_GoOnGrowingAfterARestart()
    {
        await Solr.UpdateAsync("""[{"id":"a"}]""");
        var before = (long)(await Solr.RealTimeAsync("a"))!["_version_"]!;

        await RestartAsync();
        await Solr.UpdateAsync("""[{"id":"b"}]""");

        Assert.True((long)(await Solr.RealTimeAsync("b"))!["_version_"]! > before);
    }

    [Fact]
    public async Task ACore_KeepsItsPropertiesAndAnUnloadedOneItsData()
    {
        await Solr.UpdateAsync("""[{"id":"a"}]""");
        Assert.Equal(HttpStatusCode.OK, (await Solr.GetAsync("admin/cores?action=UNLOAD&core=shop")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await Solr.SelectAsync("q=*:*")).Status);

        await RestartAsync();

        Assert.Equal("a", await Solr.IdsAsync("*:*"));
    }

    [Fact]
    public async Task ASecondServer_OnTheSameDirectory_IsRefusedInOneLine()
    {
        var refusal = await Assert.ThrowsAsync<SandboxException>(() => RunningSolr.StartAsync(DataDirectory));

        Assert.Contains(DataDirectory, refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refusal.Message);
    }

    private static void CopyData(string from, string to)
    {
        foreach (var file in Directory.GetFiles(from, "*", SearchOption.AllDirectories).Where(file => Path.GetFileName(file) != "lock"))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            using var source = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var copy = File.Create(target);
            source.CopyTo(copy);
        }
    }
}
