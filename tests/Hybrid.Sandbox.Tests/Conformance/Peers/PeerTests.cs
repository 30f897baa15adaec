namespace Hybrid.Sandbox.Tests.Conformance.Peers;

public class PeerTests
{
    [Fact]
    [Trait("Peer", "debian")]
    public async Task Debian_Peers_AnswerWithTheirVersions()
    {
        Assert.Contains("librdkafka", (await Peer.Kcat.RunAsync(["-V"])).Succeeded(), StringComparison.Ordinal);
        Assert.Contains("s3cmd version", (await Peer.S3Cmd.RunAsync(["--version"])).Succeeded(), StringComparison.Ordinal);
        Assert.StartsWith("curl ", (await Peer.Curl.RunAsync(["--version"])).Succeeded(), StringComparison.Ordinal);
        Assert.Equal("ok\n", (await Peer.Python.RunAsync(["-"], "import kafka, boto3, pysolr\nprint('ok')\n")).Succeeded());
    }

    [Fact]
    [Trait("Peer", "node")]
    public async Task Node_Peers_CanBeLoaded() =>
        Assert.Equal("function\n", (await Peer.Node.RunAsync(["-p", "typeof require('kafkajs').Kafka"])).Succeeded());
}
