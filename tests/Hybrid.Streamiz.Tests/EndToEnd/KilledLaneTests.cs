using Hybrid.Contracts.Records;
using Hybrid.Pipeline.Hosting;
using Hybrid.Pipeline.Lanes;
using Hybrid.Pipeline.Solr;

namespace Hybrid.Streamiz.Tests.EndToEnd;

/// <summary>The lane as the command line runs it, killed in mid-run.</summary>
public sealed class KilledLaneTests(Stack stack) : IClassFixture<Stack>
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(30);
    [Fact]
    public async Task KilledAndStartedAgain_ConvergesToTheNewestVersions_AndEndsWellOnSigterm()
    {
        var settings = stack.Settings();
        settings["Lane:Instance"] = "one";
        settings["Lane:BulkDocuments"] = "20";
        using var topic = await DeltasTopic.CreateAsync(settings);
        using var index = new SolrReader(new SolrOptions { Url = settings["Solr:Url"]! }, settings["Solr:Collection"]!);
        CatalogDelta[] before = [.. Enumerable.Range(0, 4_000).Select(i => Deltas.Upsert($"d{i * 31 % 700}", 1 + (i * 13 % 4_000)))];
        CatalogDelta[] after = [.. Enumerable.Range(0, 300).Select(i => i % 3 == 0 ? Deltas.Delete($"d{i}", 9_000 + i) : Deltas.Upsert($"d{i}", 9_000 + i))];

        using (var killed = new LaneProcess(settings))
        {
            topic.Publish(before);
            await killed.UntilAsync(async () => await index.CountOrNoneAsync() > 0);
            await killed.KillAsync();
        }

        topic.Publish(after);
        using var lane = new LaneProcess(settings);
        var truth = before.Concat(after).GroupBy(delta => delta.DocumentId).ToDictionary(group => group.Key, group => group.MaxBy(delta => delta.Version)!);
        await lane.UntilAsync(async () => await ConvergedAsync(index, truth));

        Assert.Equal(ExitCodes.Done, await lane.StopAsync());
        Assert.Equal(0, topic.Uncommitted());
    }

    [Theory]
    [InlineData(nameof(StreamizGuarantee.AtLeastOnce), false)]
    [InlineData(nameof(StreamizGuarantee.AtLeastOnce), true)]
    [InlineData(nameof(StreamizGuarantee.ExactlyOnce), false)]
    [InlineData(nameof(StreamizGuarantee.ExactlyOnce), true)]
    public async Task Killed_WithOrWithoutItsDirectory_TheNextOneEndsInTheTruth(string guarantee, bool directoryIsLost)
    {
        var settings = stack.Settings();
        settings["Streamiz:Guarantee"] = guarantee;
        settings["Window:Length"] = Window.ToString("c");
        settings["Lane:Instance"] = "one";
        settings["Lane:BulkDocuments"] = "20";
        var input = new SignalsInput(3, Window);
        using var topic = await DeltasTopic.CreateAsync(settings);
        using var index = new SolrReader(new SolrOptions { Url = settings["Solr:Url"]! }, settings["Solr:Collection"]!);
        for (var kill = 0; kill < 2; kill++)
        {
            using var killed = new LaneProcess(settings);
            input.Publish(topic, 6);
            await killed.UntilAsync(() => Task.FromResult(killed.Log.Contains("The window of partition", StringComparison.Ordinal)));
            input.Publish(topic, 6);
            await killed.KillAsync();
            if (directoryIsLost)
            {
                Directory.Delete(settings["Streamiz:StateDirectory"]!, recursive: true);
            }
        }

        using var lane = new LaneProcess(settings);
        input.Publish(topic, 2);
        await lane.UntilAsync(() => input.IsShownBy(index));

        Assert.Equal(ExitCodes.Done, await lane.StopAsync());
        Assert.Equal(0, topic.Uncommitted());
    }

    private static async Task<bool> ConvergedAsync(SolrReader index, Dictionary<string, CatalogDelta> truth)
    {
        var seen = 0;
        await foreach (var document in index.ExportAsync(CancellationToken.None))
        {
            var right = truth[document.Id];
            if (document.AttributesVersion != right.Version || document.Deleted != (right.Kind == DeltaKind.Delete) || document.Title != right.Title)
            {
                return false;
            }

            seen++;
        }

        return seen == truth.Count;
    }
}
