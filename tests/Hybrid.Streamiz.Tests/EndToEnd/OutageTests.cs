using Hybrid.Pipeline.Lanes;
using Hybrid.Sandbox;
using Hybrid.Sandbox.Faults;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hybrid.Streamiz.Tests.EndToEnd;

/// <summary>Kafka, the registry and Solr go away together under a running lane, and come back with what they had.</summary>
public sealed class OutageTests
{
    [Fact]
    public async Task EverythingGoesAwayAndComesBack_AndTheLaneGoesOnByItself()
    {
        using var directory = new TemporaryDirectory();
        var options = new SandboxOptions { DataDirectory = Path.Combine(directory.Path, "sandbox"), RunS3 = false };
        var sandbox = await SandboxServer.StartAsync(options, NullLoggerFactory.Instance, CancellationToken.None);
        try
        {
            options = options with
            {
                KafkaPort = int.Parse(sandbox.Endpoints.KafkaBootstrapServers!.Split(':')[1]),
                RegistryPort = new Uri(sandbox.Endpoints.RegistryUrl!).Port,
                SolrPort = new Uri(sandbox.Endpoints.SolrUrl!).Port,
            };
            var settings = new Dictionary<string, string?>
            {
                ["Kafka:BootstrapServers"] = sandbox.Endpoints.KafkaBootstrapServers,
                ["Avro:RegistryUrl"] = sandbox.Endpoints.RegistryUrl,
                ["Solr:Url"] = sandbox.Endpoints.SolrUrl,
                ["Solr:Visibility"] = "soft-commit",
                ["Lane:CommitInterval"] = "00:00:00.100",
                ["Lane:SessionTimeout"] = "00:00:06",
                ["Streamiz:StateDirectory"] = Path.Combine(directory.Path, "state"),
            };
            await using var lane = await RunningLane.StartAsync(settings);
            await PublishAsync(settings, "before");
            await lane.CaughtUpAsync(100);

            await sandbox.DisposeAsync();
            sandbox = await SandboxServer.StartAsync(options, NullLoggerFactory.Instance, CancellationToken.None);
            await PublishAsync(settings, "after");
            await lane.CaughtUpAsync(200);
            await lane.StopAsync();

            Assert.Equal(200, (await lane.DocumentsAsync()).Count);
        }
        finally
        {
            await sandbox.DisposeAsync();
        }
    }

    [Theory]
    [InlineData("UNKNOWN_MEMBER_ID")]
    [InlineData("ILLEGAL_GENERATION")]
    public async Task CommitRefusedToAMemberThatIsOutOfItsGroup_TheLaneJoinsAgain(string error)
    {
        using var directory = new TemporaryDirectory();
        await using var sandbox = await SandboxServer.StartAsync(
            new SandboxOptions
            {
                DataDirectory = Path.Combine(directory.Path, "sandbox"),
                RunS3 = false,
                Faults = [new FaultSpecification { Service = "kafka", Operation = "TxnOffsetCommit", Error = error, Times = 1 }],
            },
            NullLoggerFactory.Instance,
            CancellationToken.None);
        var settings = new Dictionary<string, string?>
        {
            ["Kafka:BootstrapServers"] = sandbox.Endpoints.KafkaBootstrapServers,
            ["Avro:RegistryUrl"] = sandbox.Endpoints.RegistryUrl,
            ["Solr:Url"] = sandbox.Endpoints.SolrUrl,
            ["Solr:Visibility"] = "soft-commit",
            ["Lane:CommitInterval"] = "00:00:00.100",
            ["Streamiz:Guarantee"] = nameof(StreamizGuarantee.ExactlyOnce),
            ["Streamiz:StateDirectory"] = Path.Combine(directory.Path, "state"),
        };
        await PublishAsync(settings, "refused");
        await using var lane = await RunningLane.StartAsync(settings);
        await lane.CaughtUpAsync(101);
        await PublishAsync(settings, "later");
        await lane.CaughtUpAsync(201);
        await lane.StopAsync();

        Assert.Equal(200, (await lane.DocumentsAsync()).Count);
    }

    private static async Task PublishAsync(Dictionary<string, string?> settings, string name)
    {
        using var topic = await DeltasTopic.CreateAsync(settings);
        topic.Publish(Enumerable.Range(0, 100).Select(i => Deltas.Upsert($"{name} {i}")));
    }
}
