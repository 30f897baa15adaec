using Hybrid.Pipeline.Hosting;
using Hybrid.Pipeline.Kafka;
using Hybrid.Pipeline.Solr;
using Microsoft.Extensions.Configuration;

namespace Hybrid.Unit.Tests.Hosting;

public class OptionsRegistrationTests
{
    [Fact]
    public void Bind_ReadsValuesByTheirKeys()
    {
        var options = OptionsRegistration.Bind<KafkaOptions>(Settings(("Kafka:BootstrapServers", "a:1,b:2"), ("Kafka:Client:security.protocol", "ssl")), "Kafka");
        Assert.Equal("a:1,b:2", options.BootstrapServers);
        Assert.Equal("ssl", options.Client["security.protocol"]);
    }

    [Fact]
    public void Bind_WithSeveralMistakes_NamesEachInOneLine()
    {
        var failure = Assert.Throws<HybridException>(() => OptionsRegistration.Bind<SolrOptions>(
            Settings(("Solr:Adapter", "carrier-pigeon"), ("Solr:MaxConnections", "0")), "Solr"));
        Assert.Equal(ExitCodes.WrongCall, failure.ExitCode);
        Assert.Contains("Solr:Adapter", failure.Message, StringComparison.Ordinal);
        Assert.Contains("Solr:MaxConnections", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', failure.Message);
    }

    [Fact]
    public void Bind_WithAValueOfTheWrongType_SaysWhich()
    {
        var failure = Assert.Throws<HybridException>(() => OptionsRegistration.Bind<KafkaOptions>(Settings(("Kafka:Partitions", "many")), "Kafka"));
        Assert.Contains("Kafka:Partitions", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', failure.Message);
    }

    [Fact]
    public void Bind_WithAnUnknownKey_SaysWhich()
    {
        var failure = Assert.Throws<HybridException>(() => OptionsRegistration.Bind<KafkaOptions>(Settings(("Kafka:Partitons", "8")), "Kafka"));
        Assert.Contains("Partitons", failure.Message, StringComparison.Ordinal);
    }

    private static IConfiguration Settings(params (string Key, string Value)[] settings) =>
        new ConfigurationBuilder().AddInMemoryCollection(settings.Select(pair => KeyValuePair.Create(pair.Key, (string?)pair.Value))).Build();
}
