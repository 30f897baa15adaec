using Hybrid.Pipeline.Hosting;
using Hybrid.Pipeline.Kafka;
using Hybrid.Pipeline.Solr;
using Hybrid.Publisher;
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

    [Theory]
    [InlineData("Partitions", "many", "Kafka:Partitions is 'many': give a whole number")]
    [InlineData("ConnectTimeout", "soon", "Kafka:ConnectTimeout is 'soon': give a time such as 00:00:05 or 1.00:00:00")]
    public void Bind_WithAValueOfTheWrongType_SaysWhichAndWhatItTakes(string key, string value, string said) =>
        Assert.Equal(said, Assert.Throws<HybridException>(() => OptionsRegistration.Bind<KafkaOptions>(Settings(($"Kafka:{key}", value)), "Kafka")).Message);

    [Fact]
    public void Bind_WithSeveralKeysWrong_NamesEach()
    {
        var failure = Assert.Throws<HybridException>(() => OptionsRegistration.Bind<PublisherOptions>(
            Settings(("Publisher:Mode", "sometimes"), ("Publisher:From", "yesterday"), ("Publisher:Nope", "1")), "Publisher"));
        Assert.Contains("Publisher:Mode is 'sometimes': give one of Rate, Marker, Quiet; ", failure.Message, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("Publisher:From is 'yesterday': give an instant such as 2011-12-01T08:00:00Z", failure.Message, StringComparison.Ordinal);
        Assert.Contains("there is no option Publisher:Nope: give one of ", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Bind_WithAnUnknownKey_SaysWhichThereAre()
    {
        var failure = Assert.Throws<HybridException>(() => OptionsRegistration.Bind<KafkaOptions>(Settings(("Kafka:Partitons", "8")), "Kafka"));
        Assert.StartsWith("there is no option Kafka:Partitons: give one of BootstrapServers, Client, ", failure.Message, StringComparison.Ordinal);
        Assert.Contains(" Partitions,", failure.Message, StringComparison.Ordinal);
    }

    private static IConfiguration Settings(params (string Key, string Value)[] settings) =>
        new ConfigurationBuilder().AddInMemoryCollection(settings.Select(pair => KeyValuePair.Create(pair.Key, (string?)pair.Value))).Build();
}
