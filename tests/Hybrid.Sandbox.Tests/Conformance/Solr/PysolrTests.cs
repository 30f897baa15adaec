using System.Text.Json;
using Hybrid.Sandbox.Tests.Conformance.Peers;
using Hybrid.Sandbox.Tests.Solr;

namespace Hybrid.Sandbox.Tests.Conformance.Solr;

[Trait("Peer", "debian")]
public sealed class PysolrTests : SolrTest
{
    [Fact]
    public async Task Pysolr_SeesWhatItSeesOfSolr()
    {
        var run = await Peer.Python.RunAsync([Peer.Script("Solr", "pysolr_checks.py"), Solr.Server.BaseAddress.ToString()]);

        var results = JsonSerializer.Deserialize<Dictionary<string, string>>(run.Succeeded())!;
        Assert.Equal(17, results.Count);
        Assert.All(results, check => Assert.True(check.Value == "ok", $"{check.Key}: {check.Value}"));
    }
}
