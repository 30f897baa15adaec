using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Confluent.Kafka;
using Hybrid.Contracts.Stack;
using Hybrid.EndToEnd.Tests.CommandLine;

namespace Hybrid.EndToEnd.Tests.Sandbox;

public sealed class KilledSandboxTests : IDisposable
{
    private const int Rounds = 3;
    private const int WritesPerRound = 40;
    private const string Topic = "kept";

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("hybrid-killed-");
    private readonly HttpClient _http = new();

    public void Dispose()
    {
        _http.Dispose();
        _directory.Delete(recursive: true);
    }

    [Fact]
    public async Task Killed_KeepsWhateverItAcknowledged()
    {
        var acknowledged = new List<string>();
        for (var round = 0; round < Rounds; round++)
        {
            await using var sandbox = HybridProcess.Start(null, "sandbox", "--data", _directory.FullName);
            var endpoints = await EndpointsAsync(sandbox);
            await PrepareAsync(endpoints);
            using (var producer = new ProducerBuilder<string, string>(new ProducerConfig { BootstrapServers = endpoints.KafkaBootstrapServers, Acks = Acks.All, LingerMs = 0 }).Build())
            {
                for (var write = 0; write < WritesPerRound; write++)
                {
                    var name = $"w{round}-{write}";
                    await WriteAsync(endpoints, producer, name);
                    acknowledged.Add(name);
                }

                sandbox.Kill();
                await sandbox.WaitAsync();
            }

            File.Delete(Path.Combine(_directory.FullName, StackEndpoints.FileName));
        }

        await using var last = HybridProcess.Start(null, "sandbox", "--data", _directory.FullName);
        var now = await EndpointsAsync(last);
        await GetAsync($"{now.SolrUrl}/kept/update?commit=true");
        Assert.Equal(acknowledged, Records(now, acknowledged.Count));
        foreach (var name in acknowledged)
        {
            Assert.Equal(name, await GetAsync($"{now.S3Url}/kept/{name}"));
            Assert.Contains(name, await GetAsync($"{now.RegistryUrl}/subjects/{name}-value/versions/latest"), StringComparison.Ordinal);
        }

        Assert.Contains($"\"numFound\":{acknowledged.Count},", await GetAsync($"{now.SolrUrl}/kept/select?q=*:*&rows=0&wt=json"), StringComparison.Ordinal);
    }

    private async Task PrepareAsync(StackEndpoints endpoints)
    {
        using var bucket = await _http.PutAsync($"{endpoints.S3Url}/kept", null);
        using var core = await _http.GetAsync($"{endpoints.SolrUrl}/admin/cores?action=CREATE&name=kept&configSet=hybrid");
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = endpoints.KafkaBootstrapServers }).Build();
        if (admin.GetMetadata(TimeSpan.FromSeconds(10)).Topics.All(topic => topic.Topic != Topic))
        {
            await admin.CreateTopicsAsync([new() { Name = Topic, NumPartitions = 1, ReplicationFactor = 1 }]);
        }
    }

    private async Task WriteAsync(StackEndpoints endpoints, IProducer<string, string> producer, string name)
    {
        await producer.ProduceAsync(Topic, new Message<string, string> { Key = name, Value = name });
        using var put = await _http.PutAsync($"{endpoints.S3Url}/kept/{name}", new StringContent(name, Encoding.UTF8));
        put.EnsureSuccessStatusCode();
        var schema = JsonSerializer.Serialize(new { type = "record", name = name.Replace('-', '_'), doc = name, fields = Array.Empty<object>() });
        using var registered = await _http.PostAsJsonAsync($"{endpoints.RegistryUrl}/subjects/{name}-value/versions", new { schema });
        registered.EnsureSuccessStatusCode();
        using var indexed = await _http.PostAsJsonAsync($"{endpoints.SolrUrl}/kept/update?update.chain=attributes", new[] { new { id = name, attributes_version_l = 1 } });
        indexed.EnsureSuccessStatusCode();
    }

    private static List<string> Records(StackEndpoints endpoints, int count)
    {
        using var consumer = new ConsumerBuilder<string, string>(new ConsumerConfig { BootstrapServers = endpoints.KafkaBootstrapServers, GroupId = "reader", EnablePartitionEof = true }).Build();
        consumer.Assign(new TopicPartitionOffset(Topic, 0, Offset.Beginning));
        var records = new List<string>();
        while (consumer.Consume(TimeSpan.FromSeconds(30)) is { IsPartitionEOF: false } record && records.Count <= count)
        {
            records.Add(record.Message.Value);
        }

        return records;
    }

    private async Task<StackEndpoints> EndpointsAsync(HybridProcess sandbox)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var file = Path.Combine(_directory.FullName, StackEndpoints.FileName);
        while (!sandbox.Output.Contains("sandbox ready", StringComparison.Ordinal) || !File.Exists(file))
        {
            await Task.Delay(20, limit.Token);
        }

        return JsonSerializer.Deserialize(await File.ReadAllBytesAsync(file, limit.Token), StackJson.Default.StackEndpoints)!;
    }

    private async Task<string> GetAsync(string address)
    {
        using var response = await _http.GetAsync(address);
        var body = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, $"{address}: {body}");
        return body;
    }
}
