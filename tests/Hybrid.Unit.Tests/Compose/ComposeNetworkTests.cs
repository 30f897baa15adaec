using System.Globalization;
using System.Text.RegularExpressions;

namespace Hybrid.Unit.Tests.Compose;

public partial class ComposeNetworkTests
{
    private static readonly ComposeFile Compose = ComposeFile.Read();

    [Fact]
    public void AddressOfAService_WhereverItIsNamed_HasAPortThatItListensOn()
    {
        var texts = Compose.Services.Values
            .SelectMany(service => service.Environment.Values.Concat(service.Command).Select(text => (Where: service.Name, Text: text)))
            .Concat(Directory.EnumerateFiles(ComposeFile.Folder, "*.y*ml", SearchOption.AllDirectories)
                .Where(file => Path.GetFileName(file) != "compose.yaml")
                .Select(file => (Where: Path.GetFileName(file), Text: File.ReadAllText(file))));
        var seen = 0;
        foreach (var (where, text) in texts)
        {
            foreach (Match address in Address().Matches(text))
            {
                if (Compose.Services.TryGetValue(address.Groups["host"].Value, out var target))
                {
                    var port = int.Parse(address.Groups["port"].Value, CultureInfo.InvariantCulture);
                    Assert.True(target.ListeningPorts().Contains(port), $"{where} calls {address.Value}, but {target.Name} listens on {string.Join(", ", target.ListeningPorts())}");
                    seen++;
                }
            }
        }

        Assert.True(seen > 10, $"only {seen} addresses were found");
    }

    [Fact]
    public void HealthCheck_AsksAPortThatTheServiceListensOn()
    {
        foreach (var service in Compose.Services.Values.Where(service => service.HasHealthCheck))
        {
            var check = string.Join(' ', service.HealthCheck);
            var port = Port().Match(check);
            Assert.True(port.Success, $"{service.Name}: its health check names no port: {check}");
            Assert.Contains(int.Parse(port.Value, CultureInfo.InvariantCulture), service.ListeningPorts());
        }
    }

    [Fact]
    public void HealthCheckOfOurServices_AsksThePathThatTheyServe()
    {
        foreach (var service in Compose.Services.Values.Where(service => service.IsOurs && service.HasHealthCheck))
        {
            Assert.Equal("/health/ready", service.HealthCheck[^1]);
        }
    }

    [Fact]
    public void PublishedPort_IsOnLoopbackAndListenedOn()
    {
        foreach (var service in Compose.Services.Values)
        {
            foreach (var published in service.Ports.Select(port => port.Split(':')))
            {
                Assert.Equal("127.0.0.1", published[0]);
                Assert.Contains(int.Parse(published[2], CultureInfo.InvariantCulture), service.ListeningPorts());
            }
        }

        var host = Compose.Services.Values.SelectMany(service => service.Ports).Select(port => port.Split(':')[1]).ToList();
        Assert.Equal(host.Distinct(), host);
    }

    [Fact]
    public void AdvertisedListeners_AreTheListenersThatClientsReach()
    {
        var kafka = Compose.Services["kafka"];
        var listeners = ComposeService.Listeners(kafka.Environment["KAFKA_LISTENERS"]);
        var advertised = ComposeService.Listeners(kafka.Environment["KAFKA_ADVERTISED_LISTENERS"]);
        var protocols = kafka.Environment["KAFKA_LISTENER_SECURITY_PROTOCOL_MAP"].Split(',').Select(entry => entry.Split(':')[0]);
        var controller = kafka.Environment["KAFKA_CONTROLLER_LISTENER_NAMES"];

        Assert.Equal(listeners.Keys.Order(), protocols.Order());
        Assert.Equal(listeners.Keys.Except([controller]).Order(), advertised.Keys.Order());
        Assert.All(advertised, pair => Assert.Equal(listeners[pair.Key].Port, pair.Value.Port));
        Assert.Contains(kafka.Environment["KAFKA_INTER_BROKER_LISTENER_NAME"], advertised.Keys);
        Assert.EndsWith($":{listeners[controller].Port}", kafka.Environment["KAFKA_CONTROLLER_QUORUM_VOTERS"], StringComparison.Ordinal);
        Assert.Equal("kafka", advertised["INTERNAL"].Host);
        Assert.Equal($"{advertised["HOST"].Host}:{advertised["HOST"].Port}:{listeners["HOST"].Port}", Assert.Single(kafka.Ports));
    }

    [GeneratedRegex(@"(?<![\w.-])(?<host>[a-z][a-z0-9-]*):(?<port>\d{2,5})(?!\d)")]
    private static partial Regex Address();

    [GeneratedRegex(@"(?<=127\.0\.0\.1:|healthy\.sh )\d{2,5}")]
    private static partial Regex Port();
}
