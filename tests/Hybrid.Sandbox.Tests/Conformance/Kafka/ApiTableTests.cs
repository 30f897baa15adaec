using Hybrid.Sandbox.Kafka.Protocol;
using Hybrid.Sandbox.Tests.Conformance.Peers;
using Hybrid.Sandbox.Tests.Kafka;

namespace Hybrid.Sandbox.Tests.Conformance.Kafka;

public sealed class ApiTableTests
{
    [Fact]
    public async Task DocumentedApis_AreThoseThatTheBrokerAdvertises()
    {
        await using var running = await RunningBroker.StartAsync();
        using var client = await WireClient.ConnectAsync(running.Broker.Port);

        var response = await client.CallAsync(ApiKey.ApiVersions, 0, _ => { });

        Assert.Equal(Advertised(response), Documented());
    }

    private static List<string> Advertised(byte[] response)
    {
        var reader = new RequestReader(response, flexible: false);
        Assert.Equal((short)ErrorCode.None, reader.Int16());
        var apis = new List<string>();
        for (var count = reader.ArrayLength(); count > 0; count--)
        {
            var (key, min, max) = (reader.Int16(), reader.Int16(), reader.Int16());
            apis.Add($"{key} {(ApiKey)key} {(min == max ? $"{min}" : $"{min}–{max}")}");
        }
        return apis;
    }

    private static IEnumerable<string> Documented() =>
        from line in File.ReadLines(Path.Combine(PeerPaths.RepositoryRoot(), "docs", "sandbox.md"))
        let cells = line.Split('|', StringSplitOptions.TrimEntries)
        where cells.Length == 7 && int.TryParse(cells[1], out _)
        select $"{cells[1]} {cells[2]} {cells[3]}";
}
