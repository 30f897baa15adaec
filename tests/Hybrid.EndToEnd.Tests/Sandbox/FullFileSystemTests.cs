using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Confluent.Kafka;
using Hybrid.Contracts.Stack;
using Hybrid.EndToEnd.Tests.CommandLine;

namespace Hybrid.EndToEnd.Tests.Sandbox;

/// <summary>
/// The operating system itself refuses the sandbox's writes: no file may grow over a size (RLIMIT_FSIZE), which needs no file
/// system of its own and no rights.
/// </summary>
public sealed class FullFileSystemTests : IDisposable
{
    private const string Topic = "full";
    private const int Limit = 200_000;
    private const int WriteSize = 60_000;

    private static readonly string Filler = new('x', WriteSize);

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("hybrid-full-");
    private readonly HttpClient _http = new();

    public void Dispose()
    {
        _http.Dispose();
        _directory.Delete(recursive: true);
    }

    [Fact]
    public async Task WritesThatTheSystemRefuses_FailAndLoseNothingThatWasAcknowledged()
    {
        if (!OperatingSystem.IsLinux())
        {
            // Only Linux sets another process's limits.
            return;
        }

        List<string> records, documents, subjects;
        await using (var sandbox = HybridProcess.StartIgnoring("XFSZ", "sandbox", "--data", _directory.FullName))
        {
            var endpoints = await SandboxProcess.EndpointsAsync(sandbox, _directory.FullName);
            using var bucket = await _http.PutAsync($"{endpoints.S3Url}/shop", null);
            using var core = await _http.GetAsync($"{endpoints.SolrUrl}/admin/cores?action=CREATE&name=shop&configSet=hybrid");
            await PutAsync(endpoints, "before", HttpStatusCode.OK);

            await LimitFilesAsync(sandbox, Limit.ToString(CultureInfo.InvariantCulture));
            records = await UntilRefusedAsync(name => TryProduceAsync(endpoints, name));
            documents = await UntilRefusedAsync(name => TryIndexAsync(endpoints, name));
            subjects = await UntilRefusedAsync(name => TryRegisterAsync(endpoints, name));
            await PutAsync(endpoints, "refused", HttpStatusCode.InternalServerError);

            await LimitFilesAsync(sandbox, "unlimited");
            await PutAsync(endpoints, "after", HttpStatusCode.OK);
            Assert.True(await TryProduceAsync(endpoints, "after"));
            Assert.True(await TryIndexAsync(endpoints, "after"));
            Assert.True(await TryRegisterAsync(endpoints, "after"));
            sandbox.Kill();
            await sandbox.WaitAsync();
        }

        File.Delete(Path.Combine(_directory.FullName, StackEndpoints.FileName));
        await using var again = HybridProcess.Start(null, "sandbox", "--data", _directory.FullName);
        var kept = await SandboxProcess.EndpointsAsync(again, _directory.FullName);
        Assert.Equal([.. records, "after"], Records(kept));
        await _http.GetStringAsync($"{kept.SolrUrl}/shop/update?commit=true");
        var found = JsonNode.Parse(await _http.GetStringAsync($"{kept.SolrUrl}/shop/select?q=*:*&fl=id&rows=100&sort=id+asc&wt=json"))!["response"]!["docs"]!;
        Assert.Equal([.. documents.Append("after").Order()], found.AsArray().Select(document => (string)document!["id"]!));
        var registered = JsonNode.Parse(await _http.GetStringAsync($"{kept.RegistryUrl}/subjects"))!.AsArray().Select(subject => (string)subject!);
        Assert.Equal(subjects.Append("after").Order(), registered);
        var listed = await _http.GetStringAsync($"{kept.S3Url}/shop?list-type=2");
        Assert.Contains("<KeyCount>2<", listed, StringComparison.Ordinal);
        Assert.DoesNotContain("refused", listed, StringComparison.Ordinal);
    }

    private static async Task LimitFilesAsync(HybridProcess sandbox, string bytes)
    {
        using var prlimit = Process.Start("prlimit", [$"--pid={sandbox.Id}", $"--fsize={bytes}:unlimited"]);
        await prlimit.WaitForExitAsync();
        Assert.Equal(0, prlimit.ExitCode);
    }

    private static async Task<List<string>> UntilRefusedAsync(Func<string, Task<bool>> write)
    {
        var written = new List<string>();
        for (var number = 0; number < 2 * Limit / WriteSize; number++)
        {
            if (!await write($"n{number}"))
            {
                Assert.NotEmpty(written);
                return written;
            }

            written.Add($"n{number}");
        }

        throw new InvalidOperationException("nothing was refused");
    }

    private static async Task<bool> TryProduceAsync(StackEndpoints endpoints, string name)
    {
        var config = new ProducerConfig { BootstrapServers = endpoints.KafkaBootstrapServers, MessageSendMaxRetries = 0 };
        using var producer = new ProducerBuilder<string, string>(config).SetLogHandler((_, _) => { }).Build();
        try
        {
            await producer.ProduceAsync(new TopicPartition(Topic, 0), new Message<string, string> { Key = name, Value = Filler });
            return true;
        }
        catch (ProduceException<string, string> refused)
        {
            Assert.Equal(ErrorCode.KafkaStorageError, refused.Error.Code);
            return false;
        }
    }

    private async Task<bool> TryIndexAsync(StackEndpoints endpoints, string name)
    {
        using var answer = await _http.PostAsJsonAsync($"{endpoints.SolrUrl}/shop/update", new[] { new { id = name, title_t = Filler } });
        return await IsDoneAsync(answer);
    }

    private async Task<bool> TryRegisterAsync(StackEndpoints endpoints, string name)
    {
        var schema = $$"""{"type":"record","name":"{{name}}","doc":"{{Filler}}","fields":[]}""";
        using var answer = await _http.PostAsJsonAsync($"{endpoints.RegistryUrl}/subjects/{name}/versions", new { schema });
        return await IsDoneAsync(answer);
    }

    private async Task PutAsync(StackEndpoints endpoints, string key, HttpStatusCode expected)
    {
        using var content = new ByteArrayContent(new byte[2 * Limit]);
        using var answer = await _http.PutAsync($"{endpoints.S3Url}/shop/{key}", content);
        Assert.Equal(expected, answer.StatusCode);
    }

    private static async Task<bool> IsDoneAsync(HttpResponseMessage answer)
    {
        Assert.True(answer.StatusCode is HttpStatusCode.OK or HttpStatusCode.InternalServerError, await answer.Content.ReadAsStringAsync());
        return answer.IsSuccessStatusCode;
    }

    private static List<string> Records(StackEndpoints endpoints)
    {
        var config = new ConsumerConfig { BootstrapServers = endpoints.KafkaBootstrapServers, GroupId = "reader", EnablePartitionEof = true };
        using var consumer = new ConsumerBuilder<string, string>(config).Build();
        consumer.Assign(new TopicPartitionOffset(Topic, 0, Offset.Beginning));
        var keys = new List<string>();
        while (consumer.Consume(TimeSpan.FromSeconds(30)) is { IsPartitionEOF: false } record)
        {
            keys.Add(record.Message.Key);
        }

        return keys;
    }
}
