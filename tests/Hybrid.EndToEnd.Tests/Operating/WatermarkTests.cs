using System.Globalization;
using Hybrid.EndToEnd.Tests.CommandLine;
using Hybrid.EndToEnd.Tests.Publisher;
using Hybrid.Pipeline.Hosting;
using Hybrid.Publisher.Publishing;
using Hybrid.Publisher.Watermarks;

namespace Hybrid.EndToEnd.Tests.Operating;

public sealed class WatermarkTests(PublisherStack stack) : IClassFixture<PublisherStack>
{
    private const string Eight = "2011-12-01T08:00:00Z";
    private const string FivePast = "2011-12-01T08:05:00Z";
    private const string TenPast = "2011-12-01T08:10:00Z";
    private const string Noon = "2011-12-01T12:00:00Z";

    [Fact]
    public async Task WatermarkSetBack_PublishesFromThereAgain_WithTheSameVersions()
    {
        await using var fixture = await PublishedAsync();
        await using var tool = new WatermarkTool(fixture.Configuration());

        var moved = Assert.Single(await tool.SetAsync("catalog", At(FivePast), begin: false, dryRun: false, default));
        Assert.Equal((At(TenPast), At(FivePast)), (moved.Before!.Watermark, moved.After!.Watermark));
        await fixture.PublishAsync(TenPast);

        var deltas = await fixture.DeltasAsync();
        Assert.Single(deltas, delta => delta.DocumentId == "first");
        var again = deltas.Where(delta => delta.DocumentId == "second").ToList();
        Assert.Equal(2, again.Count);
        Assert.Equal(again[0].Version, again[1].Version);
        Assert.Equal([At(TenPast), At(FivePast), At(TenPast)], tool.History("catalog", default).Select(change => change.Progress!.Watermark).TakeLast(3));
    }

    [Fact]
    public async Task WatermarkSetForward_SkipsAndNotesIt()
    {
        await using var fixture = await PublishedAsync();
        await using var tool = new WatermarkTool(fixture.Configuration());

        await tool.SetAsync("catalog", At(Noon), begin: false, dryRun: false, default);

        var status = Assert.Single(await tool.ShowAsync("catalog", default));
        Assert.Equal(At(Noon), status.Change.Progress!.Watermark);
        Assert.Equal(46, Assert.Single(status.Change.Progress.Skipped).Partitions);
        Assert.Empty(status.Publishers);
    }

    [Fact]
    public async Task DryRun_MovesNothing()
    {
        await using var fixture = await PublishedAsync();
        await using var tool = new WatermarkTool(fixture.Configuration());
        var changes = tool.History(null, default).Count();

        await tool.SetAsync("catalog", At(Noon), begin: false, dryRun: true, default);
        await tool.ResetAsync("catalog", dryRun: true, default);

        Assert.Equal(changes, tool.History(null, default).Count());
    }

    [Fact]
    public async Task SourceWithoutWatermark_IsBegunOnlyWhenAskedFor()
    {
        await using var fixture = await PublishedAsync();
        await using var tool = new WatermarkTool(fixture.Configuration());

        var refused = await Assert.ThrowsAsync<HybridException>(() => tool.SetAsync("catalogue", At(Noon), begin: false, dryRun: false, default));
        Assert.Equal(ExitCodes.WrongCall, refused.ExitCode);
        Assert.Contains("'catalogue' has no watermark to move", refused.Message, StringComparison.Ordinal);
        Assert.Empty(await tool.ShowAsync("catalogue", default));

        await tool.SetAsync("catalogue", At(Noon), begin: true, dryRun: false, default);
        Assert.Equal(At(Noon), Assert.Single(await tool.ShowAsync("catalogue", default)).Change.Progress!.Watermark);
    }

    [Fact]
    public async Task LivePublisher_IsSeen_AndNothingIsMovedUnderIt()
    {
        await using var fixture = await PublishedAsync();
        await using var tool = new WatermarkTool(fixture.Configuration());
        await using (var publisher = fixture.Start(("Publisher:Until", TenPast)))
        {
            await publisher.UntilAsync(() => tool.ShowAsync("catalog", default).GetAwaiter().GetResult()[0].Publishers.Count > 0, "the publisher is seen");

            var refused = await Assert.ThrowsAsync<HybridException>(() => tool.SetAsync("catalog", At(Eight), begin: false, dryRun: false, default));
            Assert.Contains("is alive", refused.Message, StringComparison.Ordinal);
            Assert.Equal(ExitCodes.FailureFound, refused.ExitCode);
            await publisher.StopAsync();
        }

        Assert.Equal(At(Eight), (await tool.SetAsync("catalog", At(Eight), begin: false, dryRun: false, default))[0].After!.Watermark);
    }

    [Fact]
    public async Task PublisherThatWasNotSeen_IsFencedByAMove()
    {
        await using var fixture = await PublishedAsync();
        await using var tool = new WatermarkTool(fixture.Configuration());
        using var unseen = TransactionalProducer.Open(fixture.Kafka, WatermarkKey.Parse("catalog").TransactionalId, TimeSpan.FromMinutes(1), default);

        await tool.SetAsync("catalog", At(Eight), begin: false, dryRun: false, default);

        unseen.Begin();
        await unseen.SendAsync(new(fixture.Kafka.Topics.Watermarks, 0), new() { Key = "catalog"u8.ToArray(), Value = "{}"u8.ToArray() }, default);
        Assert.ThrowsAny<Confluent.Kafka.KafkaException>(() => unseen.Commit(default));
        Assert.Equal(At(Eight), fixture.Progress().Watermark);
    }

    [Fact]
    public async Task ResetSource_BeginsAnew()
    {
        await using var fixture = await PublishedAsync();
        await using var tool = new WatermarkTool(fixture.Configuration());

        await tool.ResetAsync("catalog", dryRun: false, default);
        Assert.Empty(await tool.ShowAsync("catalog", default));
        await fixture.PublishAsync(TenPast);

        Assert.Equal(4, (await fixture.DeltasAsync()).Count);
    }

    [Fact]
    public async Task Verbs_ShowSetAndTellTheHistory()
    {
        await using var fixture = await PublishedAsync();
        string[] stackOptions = ["--kafka", stack.BootstrapServers, "--set", $"Kafka:TopicPrefix={fixture.Kafka.Topics.Prefix}"];

        var show = await HybridProcess.RunAsync(["watermark", "show", "--period", "5m", .. stackOptions]);
        Assert.True(show.ExitCode == 0, show.Errors);
        Assert.Contains($"catalog: watermark {TenPast}", show.Output, StringComparison.Ordinal);
        Assert.Contains("none is alive", show.Output, StringComparison.Ordinal);

        var set = await HybridProcess.RunAsync(["watermark", "set", "--source", "catalog", "--to", FivePast, .. stackOptions]);
        Assert.Contains($"catalog: {TenPast} was moved to {FivePast}", set.Output, StringComparison.Ordinal);
        var between = await HybridProcess.RunAsync(["watermark", "set", "--source", "catalog", "--to", "2011-12-01T08:03Z", .. stackOptions]);
        Assert.Equal(2, between.ExitCode);

        var reset = await HybridProcess.RunAsync(["watermark", "reset", "--source", "catalog", .. stackOptions]);
        Assert.Contains("was forgotten", reset.Output, StringComparison.Ordinal);
        var history = await HybridProcess.RunAsync(["watermark", "history", "--source", "catalog", .. stackOptions]);
        Assert.Contains("reset", history.Output, StringComparison.Ordinal);
        Assert.Contains(FivePast, history.Output, StringComparison.Ordinal);
    }

    private static DateTimeOffset At(string time) => DateTimeOffset.Parse(time, CultureInfo.InvariantCulture);

    /// <summary>Two partitions, published.</summary>
    private async Task<PublisherFixture> PublishedAsync()
    {
        var fixture = await PublisherFixture.CreateAsync(stack);
        await fixture.PutAsync("dt=2011-12-01/hh=08/mm=00/part-0.ndjson", """{"documentId":"first","kind":"upsert","eventTime":"2011-12-01T08:01:00Z"}""");
        await fixture.PutAsync("dt=2011-12-01/hh=08/mm=05/part-0.ndjson", """{"documentId":"second","kind":"upsert","eventTime":"2011-12-01T08:06:00Z"}""");
        await fixture.PublishAsync(TenPast);
        return fixture;
    }
}
