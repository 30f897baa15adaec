using System.Diagnostics;
using System.Text;
using Hybrid.EndToEnd.Tests.CommandLine;

namespace Hybrid.EndToEnd.Tests.Publisher;

public sealed class KilledPublisherTests(PublisherStack stack) : IClassFixture<PublisherStack>
{
    private const string Key = "dt=2011-12-01/hh=08/mm=00/part-0.ndjson.gz";
    private const int Lines = 6_000;

    [Fact]
    public async Task PublisherThatIsKilledInTheMiddleOfAnObject_GoesOnThere()
    {
        await using var fixture = await PublisherFixture.CreateAsync(stack);
        var lines = Enumerable.Range(0, Lines).Select(i => $$"""{"documentId":"d{{i % 40}}","kind":"upsert","eventTime":"2011-12-01T08:01:00Z","title":"T"}""");
        await fixture.PutAsync(Key, PublisherFixture.Gzip(Encoding.UTF8.GetBytes(string.Join('\n', lines))));
        string[] call = ["publish", .. fixture.Arguments(
            ("Publisher:Until", "2011-12-01T08:05:00Z"), ("Publisher:ExitWhenDone", "true"), ("Publisher:TransactionRecords", "500"))];

        await using (var killed = HybridProcess.Start(null, [.. call, "--max-records-per-second", "2000"]))
        {
            await UntilAsync(() => fixture.TryProgress()?.Cursor is { Line: > 1_000 }, "the middle of the object", killed);
            killed.Kill();
        }

        var cursor = fixture.Progress().Cursor!;
        Assert.Equal(Key, cursor.Key);
        Assert.InRange(cursor.Line, 1_000, Lines - 1);
        Assert.Equal(cursor.Line, (await fixture.DeltasAsync()).Count);
        Assert.Empty(fixture.ControlRecords());
        await using (var next = HybridProcess.Start(null, call))
        {
            Assert.Equal(0, await next.WaitAsync());
            Assert.Contains($"goes on in the middle of {Key}, behind line {cursor.Line}", next.Output + next.Errors);
        }

        var deltas = await fixture.DeltasAsync();
        Assert.Equal(Lines, deltas.Count);
        Assert.All(
            deltas.GroupBy(delta => delta.DocumentId),
            document => Assert.Equal(document.Select(delta => delta.Version).Distinct().Order(), document.Select(delta => delta.Version)));
        Assert.Equal(Lines, fixture.Progress().Counts.Lines);
        Assert.Equal(PublisherFixture.KafkaPartitions, fixture.ControlRecords().Count);
    }

    private static async Task UntilAsync(Func<bool> condition, string what, HybridProcess process)
    {
        var started = Stopwatch.GetTimestamp();
        while (!condition())
        {
            Assert.True(Stopwatch.GetElapsedTime(started) < RunningPublisher.Patience, $"never: {what}; {process.Output}{process.Errors}");
            await Task.Delay(20);
        }
    }
}
