using System.Globalization;
using System.Text.RegularExpressions;
using Hybrid.Contracts.Measurement;
using Hybrid.Publisher;

namespace Hybrid.EndToEnd.Tests.Publisher;

/// <summary>A replay of a partition every 100 ms, on a machine whose clock jumps by an hour: 36 000 partitions. The sandbox's clock is right.</summary>
public sealed class ClockJumpTests(PublisherStack stack) : IClassFixture<PublisherStack>
{
    private const double Speed = 3_000;
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Tolerance = new PublisherOptions().MaxClockError;
    private static readonly DateTimeOffset Origin = new(2011, 12, 1, 8, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public async Task ClockThatJumpsWhilePublishing_NeitherRunsAheadNorStalls_AndNothingIsMissedOrThereTwice(int hours)
    {
        await using var fixture = await PublisherFixture.CreateAsync(stack);
        var time = new JumpingTime();
        var began = DateTimeOffset.UtcNow;
        await using var publisher = fixture.StartBy(time, Settings(began));
        await PutAsync(fixture, 0);
        await publisher.UntilAsync(() => Watermark(publisher) > Origin + (3 * Period), "the first partitions published");

        time.Ahead = TimeSpan.FromHours(hours);
        await publisher.UntilAsync(() => publisher.Gauge(Instruments.PublisherClockDisagreement) > 3_000, "the jump measured");
        await publisher.UntilAsync(() => publisher.Obstacle is not null, "the jump noticed");
        AssertObstacle(publisher, TimeSpan.FromHours(1));
        var atJump = Watermark(publisher);
        await publisher.UntilAsync(() => Watermark(publisher) > atJump + (10 * Period), "publishing goes on");
        Assert.True(Watermark(publisher) <= EventNow(began), "the watermark runs ahead");

        // An object that lands in time for its partition, by the true time.
        var partition = (int)((EventNow(began) - Origin) / Period) + 1;
        await PutAsync(fixture, partition);
        await publisher.UntilAsync(() => publisher.Counter(Instruments.ObjectsPublished) == 2, "the object published");

        time.Ahead = TimeSpan.Zero;
        await publisher.UntilAsync(() => publisher.Obstacle is null, "the clocks agree again");
        var healed = Watermark(publisher);
        await publisher.UntilAsync(() => Watermark(publisher) > healed + (3 * Period), "publishing goes on");
        await publisher.StopAsync();

        Assert.Equal([$"d0", $"d{partition}"], (await fixture.DeltasAsync()).Select(delta => delta.DocumentId));
        var watermarks = fixture.History().Select(progress => progress.Watermark).ToArray();
        Assert.Equal(watermarks.Order(), watermarks);
        Assert.True(watermarks[^1] <= EventNow(began));
    }

    [Fact]
    public async Task ClockThatIsAheadFromTheStart_IsHeldAtTheStoresTime_AlsoByLatest()
    {
        await using var fixture = await PublisherFixture.CreateAsync(stack);
        var began = DateTimeOffset.UtcNow;
        await using var publisher = fixture.StartBy(
            new JumpingTime { Ahead = TimeSpan.FromDays(1) }, [.. Settings(began), ("Publisher:Restart", "latest")]);

        await publisher.UntilAsync(() => Watermark(publisher) > Origin + (10 * Period), "partitions published");
        await publisher.StopAsync();

        // The store says the time to the second, which is ten partitions here.
        Assert.True(fixture.Progress().Watermark <= EventNow(began) + (10 * Period));
        AssertObstacle(publisher, TimeSpan.FromDays(1));
    }

    /// <summary>
    /// What readiness says names the jump, as far as the store's clock tells it: its answers say whole seconds, and on a busy machine they are old.
    /// </summary>
    private static void AssertObstacle(RunningPublisher publisher, TimeSpan jump)
    {
        var obstacle = Assert.IsType<string>(publisher.Obstacle);
        var said = Regex.Match(obstacle, "^the clocks disagree by (\\d+) s: this machine's says ");
        Assert.True(said.Success, obstacle);
        var disagreement = TimeSpan.FromSeconds(int.Parse(said.Groups[1].Value, CultureInfo.InvariantCulture));
        Assert.InRange(disagreement, jump - Tolerance, jump + Tolerance);
    }

    private static (string, string)[] Settings(DateTimeOffset began) =>
    [
        ("Clock:Origin", Origin.ToString("O")),
        ("Clock:Start", began.ToString("O")),
        ("Clock:Speed", Speed.ToString(CultureInfo.InvariantCulture)),
        ("Publisher:From", Origin.ToString("O")),
        ("Publisher:OverlapPartitions", "1000"),
    ];

    private static DateTimeOffset EventNow(DateTimeOffset began) => Origin + ((DateTimeOffset.UtcNow - began) * Speed);

    private static DateTimeOffset Watermark(RunningPublisher publisher) =>
        DateTimeOffset.UnixEpoch.AddSeconds(publisher.Gauge(Instruments.PublisherWatermark));

    private static Task PutAsync(PublisherFixture fixture, int partition)
    {
        var start = Origin + (partition * Period);
        return fixture.PutAsync(
            start.ToString("'dt='yyyy-MM-dd'/hh='HH'/mm='mm'/part-0.ndjson'", CultureInfo.InvariantCulture),
            $$"""{"documentId":"d{{partition}}","kind":"upsert","eventTime":"{{start:yyyy-MM-dd'T'HH:mm:ss'Z'}}","title":"T"}""");
    }
}
