using Hybrid.Pipeline.Hosting;
using Hybrid.Pipeline.Lanes;
using Hybrid.Pipeline.Solr;

namespace Hybrid.Streamiz.Tests.EndToEnd;

/// <summary>Two lanes that were given the name of one instance, as when a host comes back that was replaced.</summary>
public sealed class TakenInstanceTests(Stack stack) : IClassFixture<Stack>
{
    [Theory]
    [InlineData(nameof(StreamizGuarantee.AtLeastOnce))]
    [InlineData(nameof(StreamizGuarantee.ExactlyOnce))]
    public async Task SecondOfAName_TakesOver_AndTheFirstEndsAndSaysWhy(string guarantee)
    {
        var settings = stack.Settings();
        settings["Streamiz:Guarantee"] = guarantee;
        settings["Lane:Instance"] = "one";
        using var topic = await DeltasTopic.CreateAsync(settings);
        using var index = new SolrReader(new SolrOptions { Url = settings["Solr:Url"]! }, settings["Solr:Collection"]!);
        topic.Publish(Enumerable.Range(0, 100).Select(i => Deltas.Upsert($"d{i}")));
        using var first = new LaneProcess(settings);
        await first.UntilAsync(async () => await index.CountOrNoneAsync() == 100);

        using var second = new LaneProcess(new Dictionary<string, string?>(settings) { ["Streamiz:StateDirectory"] = settings["Streamiz:StateDirectory"] + "-2" });
        var code = await first.EndedAsync();
        topic.Publish(Enumerable.Range(100, 100).Select(i => Deltas.Upsert($"d{i}")));
        await second.UntilAsync(async () => await index.CountOrNoneAsync() == 200);

        Assert.True(code == ExitCodes.Unreachable, $"{code}: {first.Log}");
        Assert.Contains("start it again", first.Log, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Done, await second.StopAsync());
        Assert.Equal(0, topic.Uncommitted());
    }
}
