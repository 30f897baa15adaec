using Hybrid.Contracts.Records;
using Hybrid.Pipeline.Hosting;
using Hybrid.Pipeline.Solr;

namespace Hybrid.Streamiz.Tests.EndToEnd;

/// <summary>The lane as the command line runs it, killed in mid-run.</summary>
public sealed class KilledLaneTests(Stack stack) : IClassFixture<Stack>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

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
            await UntilAsync(killed, async () => await CountAsync(index) > 0);
            await killed.KillAsync();
        }

        topic.Publish(after);
        using var lane = new LaneProcess(settings);
        var truth = before.Concat(after).GroupBy(delta => delta.DocumentId).ToDictionary(group => group.Key, group => group.MaxBy(delta => delta.Version)!);
        await UntilAsync(lane, async () => await ConvergedAsync(index, truth));

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

    private static async Task<long> CountAsync(SolrReader index)
    {
        try
        {
            return await index.CountAsync(tombstones: true, CancellationToken.None);
        }
        catch (SolrException)
        {
            // The lane has yet to make the collection.
            return 0;
        }
    }

    private static async Task UntilAsync(LaneProcess lane, Func<Task<bool>> condition)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!await condition())
        {
            Assert.False(lane.HasExited || patience.IsCancellationRequested, lane.Log);
            await Task.Delay(10);
        }
    }
}
