using Hybrid.Pipeline.Avro;
using Hybrid.Pipeline.Solr;

namespace Hybrid.Streamiz.Tests.EndToEnd;

/// <summary>The lane with the built-in adapters, and with those over packages that this build has.</summary>
public sealed class AdapterTests(Stack stack) : IClassFixture<Stack>
{
    [Fact]
    public async Task TheIndexOfALane_IsTheSame_WithEitherAdapters()
    {
        var builtin = await RunAsync("json", "builtin");
        var packages = await RunAsync(SolrServices.HasSolrNet ? "solrnet" : "json", AvroRegistration.HasConfluent ? "confluent" : "builtin");

        Assert.NotEmpty(builtin);
        Assert.Equal(builtin, packages);
    }

    private async Task<List<IndexedDocument>> RunAsync(string solr, string avro)
    {
        var settings = stack.Settings();
        settings["Solr:Adapter"] = solr;
        settings["Avro:Adapter"] = avro;
        var input = new SignalsInput(8, TimeSpan.FromMinutes(15));
        settings["Window:Length"] = "00:15:00";
        using var topic = await DeltasTopic.CreateAsync(settings);
        input.Publish(topic, 6);
        await using var lane = await RunningLane.StartAsync(settings);
        await lane.UntilAsync(() => input.IsShownBy(lane.Index));
        await lane.CaughtUpAsync(input.Records);
        await lane.StopAsync();
        return [.. (await lane.DocumentsAsync()).Values.OrderBy(document => document.Id, StringComparer.Ordinal)];
    }
}
