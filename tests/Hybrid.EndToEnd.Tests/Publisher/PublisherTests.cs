using System.Buffers.Binary;
using System.Text;
using Hybrid.Comparison.Load.Generate;
using Hybrid.Contracts.Measurement;
using Hybrid.Contracts.Records;
using Hybrid.Contracts.Topics;
using Hybrid.Pipeline.DeadLetters;
using Hybrid.Pipeline.Hosting;
using Hybrid.Pipeline.Lines;

namespace Hybrid.EndToEnd.Tests.Publisher;

public sealed class PublisherTests(PublisherStack stack) : IClassFixture<PublisherStack>
{
    private const string First = "dt=2011-12-01/hh=08/mm=00/";
    private const string Second = "dt=2011-12-01/hh=08/mm=05/";
    private const string EndOfSecond = "2011-12-01T08:10:00Z";

    [Fact]
    public async Task Partitions_ArePublishedOnce_AndTheCountsAddUp()
    {
        await using var fixture = await PublisherFixture.CreateAsync(stack);
        var manifest = await UploadAsync(fixture, new GeneratorOptions
        {
            Partitions = 5,
            RecordsPerPartition = 300,
            Documents = 40,
            MalformedShare = 0.05,
            ObjectsPerPartition = 2,
        });

        await using var publisher = fixture.Start(
            ("Publisher:Until", "2011-12-01T08:25:00Z"), ("Publisher:ExitWhenDone", "true"), ("Publisher:GroupPartitions", "1"));
        await publisher.EndsAsync();

        var deltas = await fixture.DeltasAsync();
        var counts = manifest.Counts!;
        Assert.Equal(counts.Lines - counts.Malformed, deltas.Count);
        Assert.Equal(deltas.Count, deltas.Select(delta => (delta.DocumentId, delta.Version)).Distinct().Count());
        Assert.Equal(counts.Malformed, fixture.DeadLetters().Count);
        Assert.Equal(5 * PublisherFixture.KafkaPartitions, fixture.ControlRecords().Count);
        Assert.Equal(counts.Lines, publisher.Counter(Instruments.LinesRead));
        Assert.Equal(deltas.Count, publisher.Counter(Instruments.RecordsPublished));
        Assert.Equal(counts.Malformed, publisher.Counter(Instruments.DeadLetters));
        Assert.Equal(5, publisher.Counter(Instruments.PartitionsPublished));
        Assert.Equal(5, publisher.Counter(Instruments.Transactions));
        Assert.Equal(deltas.Count, publisher.Samples(Instruments.FreshnessPublished));
        Assert.Equal(deltas.Count, publisher.Samples(Instruments.FreshnessLanded));
        var progress = fixture.Progress();
        Assert.Equal(DateTimeOffset.Parse("2011-12-01T08:25:00Z"), progress.Watermark);
        Assert.Equal(counts.Lines, progress.Counts.Lines);
        Assert.Equal(counts.Lines, progress.Counts.Records + progress.Counts.DeadLetters);
        Assert.Equal(10, progress.Objects.Count);
    }

    [Fact]
    public async Task Records_CarryTheirKeyTheirVersion_AndWhenTheirPartitionWasDue()
    {
        await using var fixture = await PublisherFixture.CreateAsync(stack);
        await fixture.PutAsync(First + "part-1.ndjson", "", Upsert("a", "2011-12-01T08:01:00Z"));

        await fixture.PublishAsync("2011-12-01T08:05:00Z");

        var record = Assert.Single(fixture.Read(fixture.Kafka.Topics.Deltas), record => record.Message.Value is not null);
        Assert.Equal("a"u8.ToArray(), record.Message.Key);
        Assert.Equal(DateTimeOffset.Parse("2011-12-01T08:05:00Z"), Time(record.Message.Headers.GetLastBytes(RecordHeaders.Closed)));
        Assert.InRange(Time(record.Message.Headers.GetLastBytes(RecordHeaders.Landed)), DateTimeOffset.UtcNow.AddMinutes(-10), DateTimeOffset.UtcNow.AddMinutes(1));
        var delta = Assert.Single(await fixture.DeltasAsync());
        Assert.Equal("2011-12-01T08:00Z", delta.Partition);
        Assert.Equal(DeltaVersion.Create(delta.EventTimeMilliseconds, generation: 0, line: 2, objectOrdinal: 1), delta.Version);
        var controls = fixture.ControlRecords();
        Assert.Equal([0, 1, 2], controls.Select(control => control.Partition.Value).Order());
        Assert.All(controls, control => Assert.Equal("catalog"u8.ToArray(), control.Message.Key));
        Assert.All(controls, control => Assert.Equal(
            DateTimeOffset.Parse("2011-12-01T08:05:00Z"), Time(control.Message.Headers.GetLastBytes(RecordHeaders.Watermark))));
    }

    [Fact]
    public async Task Stopped_AndStartedAgain_GoesOnWhereItStood()
    {
        await using var fixture = await PublisherFixture.CreateAsync(stack);
        var manifest = await UploadAsync(fixture, new GeneratorOptions { Partitions = 12, RecordsPerPartition = 200, Documents = 40 });
        var gate = new TaskCompletionSource();
        var slow = new ObservedStore(fixture.Store)
        {
            BeforeOpen = async (key, stopping) =>
            {
                if (key.Contains("mm=25"))
                {
                    gate.TrySetResult();
                    await Task.Delay(Timeout.Infinite, stopping);
                }
            },
        };

        await using (var publisher = fixture.StartOver(slow, ("Publisher:Until", "2011-12-01T09:00:00Z"), ("Publisher:GroupPartitions", "1")))
        {
            await gate.Task.WaitAsync(RunningPublisher.Patience);
            await publisher.UntilAsync(() => publisher.Counter(Instruments.PartitionsPublished) == 5, "what comes before is published");
            await publisher.StopAsync();
        }

        var before = await fixture.DeltasAsync();
        Assert.Equal(5 * 205, before.Count);
        await fixture.PublishAsync("2011-12-01T09:00:00Z");

        var deltas = await fixture.DeltasAsync();
        Assert.Equal(manifest.Counts!.Lines, deltas.Count);
        Assert.Equal(deltas.Count, deltas.Select(delta => (delta.DocumentId, delta.Version)).Distinct().Count());
        Assert.Equal(deltas.Count, fixture.Progress().Counts.Records);
    }

    [Fact]
    public async Task ConnectionThatBreaksWithinAnObject_IsTakenUpAgain_AndNothingIsThereTwice()
    {
        await using var fixture = await PublisherFixture.CreateAsync(stack);
        var lines = Enumerable.Range(0, 5_000).Select(i => Upsert($"d{i}", "2011-12-01T08:01:00Z")).ToArray();
        await fixture.PutAsync(First + "part-0.ndjson", lines);
        var failures = 3;
        var broken = new ObservedStore(fixture.Store) { Body = (_, body) => failures-- > 0 ? new BreakingStream(body, 200_000) : body };

        await using var publisher = fixture.StartOver(broken, ("Publisher:Until", "2011-12-01T08:05:00Z"), ("Publisher:ExitWhenDone", "true"));
        await publisher.EndsAsync();

        Assert.Equal(5_000, (await fixture.DeltasAsync()).Select(delta => delta.DocumentId).Distinct().Count());
        Assert.Equal(5_000, (await fixture.DeltasAsync()).Count);
        Assert.Equal(5_000, publisher.Counter(Instruments.LinesRead));
        Assert.Equal(PublisherFixture.KafkaPartitions, fixture.ControlRecords().Count);
    }

    [Fact]
    public async Task SecondPublisherOfASource_TakesOver_AndTheFirstStopsWithAClearLine()
    {
        await using var fixture = await PublisherFixture.CreateAsync(stack);
        await fixture.PutAsync(First + "part-0.ndjson", Upsert("a", "2011-12-01T08:01:00Z"));
        await fixture.PutAsync(First + "part-1.ndjson", Upsert("b", "2011-12-01T08:01:00Z"));
        var reached = new TaskCompletionSource();
        var release = new TaskCompletionSource();
        var slow = new ObservedStore(fixture.Store)
        {
            BeforeOpen = async (key, _) =>
            {
                if (key.EndsWith("part-1.ndjson"))
                {
                    reached.TrySetResult();
                    await release.Task;
                }
            },
        };
        await using var zombie = fixture.StartOver(slow, ("Publisher:Until", EndOfSecond));
        await reached.Task.WaitAsync(RunningPublisher.Patience);

        await fixture.PublishAsync(EndOfSecond);
        release.SetResult();

        var failure = await Assert.ThrowsAsync<HybridException>(zombie.EndsAsync);
        Assert.Equal(
            "another publisher took over source 'catalog' (transactional id hybrid-publisher-catalog): this one stops; run one publisher a source",
            failure.Message);
        Assert.Equal(["a", "b"], (await fixture.DeltasAsync()).Select(delta => delta.DocumentId).Order());
    }

    [Fact]
    public async Task LineThatIsNoDelta_IsInTheDeadLettersAsItWas()
    {
        await using var fixture = await PublisherFixture.CreateAsync(stack);
        var etag = await fixture.PutAsync(First + "part-0.ndjson", Upsert("a", "2011-12-01T08:01:00Z"), "{oops\r", Upsert("b", "2011-12-01T08:01:00Z"));

        await fixture.PublishAsync("2011-12-01T08:05:00Z");

        var letter = Assert.Single(fixture.DeadLetters());
        Assert.Equal("{oops"u8.ToArray(), letter.Message.Value);
        Assert.Equal(First + "part-0.ndjson", PublisherFixture.Header(letter, RecordHeaders.DeadLetterObject));
        Assert.Equal(etag, PublisherFixture.Header(letter, RecordHeaders.DeadLetterETag));
        Assert.Equal("2", PublisherFixture.Header(letter, RecordHeaders.DeadLetterLine));
        Assert.Equal(ErrorClasses.MalformedJson, PublisherFixture.Header(letter, RecordHeaders.DeadLetterErrorClass));
        Assert.Equal(2, (await fixture.DeltasAsync()).Count);
    }

    [Fact]
    public async Task LineThatIsTooLong_AndRecordThatIsTooLarge_AreDeadLetters_AndTheRestStands()
    {
        await using var fixture = await PublisherFixture.CreateAsync(stack);
        await fixture.PutAsync(
            First + "part-0.ndjson",
            Upsert("a", "2011-12-01T08:01:00Z"),
            Upsert("long", "2011-12-01T08:01:00Z", new string('x', 3_000_000)),
            Upsert("large", "2011-12-01T08:01:00Z", new string('x', 1_040_000)),
            Upsert("b", "2011-12-01T08:01:00Z"));

        await fixture.PublishAsync("2011-12-01T08:05:00Z");

        Assert.Equal(["a", "b"], (await fixture.DeltasAsync()).Select(delta => delta.DocumentId).Order());
        var letters = fixture.DeadLetters();
        Assert.Equal(
            [ErrorClasses.LineTooLong, ErrorClasses.RecordTooLarge],
            letters.Select(letter => PublisherFixture.Header(letter, RecordHeaders.DeadLetterErrorClass)));
        Assert.Equal(ObjectLineReader.KeptBytes, letters[0].Message.Value.Length);
        Assert.StartsWith("300", PublisherFixture.Header(letters[0], RecordHeaders.DeadLetterOriginalLength));
        Assert.Equal(DeadLetter.MaxContentBytes, letters[1].Message.Value.Length);
    }

    [Fact]
    public async Task TruncatedArchive_IsPublishedUpToTheDamage_WhichIsOneDeadLetter()
    {
        await using var fixture = await PublisherFixture.CreateAsync(stack);
        var lines = string.Join('\n', Enumerable.Range(0, 20_000).Select(i => Upsert($"d{i * 7919 % 104729}", "2011-12-01T08:01:00Z")));
        await fixture.PutAsync(First + "part-0.ndjson.gz", PublisherFixture.Gzip(Encoding.UTF8.GetBytes(lines))[..^5_000]);

        await fixture.PublishAsync("2011-12-01T08:05:00Z");

        var letter = Assert.Single(fixture.DeadLetters());
        var records = (await fixture.DeltasAsync()).Count;
        Assert.InRange(records, 1, 19_999);
        Assert.Equal(ErrorClasses.CorruptObject, PublisherFixture.Header(letter, RecordHeaders.DeadLetterErrorClass));
        Assert.Equal($"{records + 1}", PublisherFixture.Header(letter, RecordHeaders.DeadLetterLine));
        Assert.Contains(First + "part-0.ndjson.gz", PublisherFixture.Header(letter, RecordHeaders.DeadLetterError));
        Assert.Equal(records + 1, fixture.Progress().Counts.Lines);
    }

    [Fact]
    public async Task LateObject_IsPublishedByItself_AndCounted()
    {
        await using var fixture = await PublisherFixture.CreateAsync(stack);
        await fixture.PutAsync(First + "part-0.ndjson", Upsert("a", "2011-12-01T08:01:00Z"));
        await fixture.PutAsync(Second + "part-0.ndjson", Upsert("b", "2011-12-01T08:06:00Z"));
        await using var publisher = fixture.Start(("Publisher:Until", EndOfSecond));
        await publisher.UntilAsync(() => publisher.Counter(Instruments.PartitionsPublished) == 2, "both partitions published");

        await fixture.PutAsync(First + "part-1-late.ndjson", Upsert("c", "2011-12-01T08:02:00Z"));
        await publisher.UntilAsync(() => publisher.Counter(Instruments.LateObjects) == 1, "the late object published");
        await publisher.StopAsync();

        var late = Assert.Single(await fixture.DeltasAsync(), delta => delta.DocumentId == "c");
        Assert.Equal("2011-12-01T08:00Z", late.Partition);
        Assert.Equal(1, publisher.Samples(Instruments.Lateness));
        Assert.Equal(2 * PublisherFixture.KafkaPartitions, fixture.ControlRecords().Count);
        Assert.Equal(DateTimeOffset.Parse(EndOfSecond), fixture.Progress().Watermark);
        Assert.Equal(1, fixture.Progress().Counts.LateObjects);
    }

    [Fact]
    public async Task ReplacedObject_IsPublishedAgainAsACorrection_WithoutItsSignals()
    {
        await using var fixture = await PublisherFixture.CreateAsync(stack);
        var key = First + "part-0.ndjson";
        var signal = """{"documentId":"a","kind":"signal","eventTime":"2011-12-01T08:01:00Z","quantity":1}""";
        await fixture.PutAsync(key, Upsert("a", "2011-12-01T08:01:00Z", "wrong"), signal);
        await using var publisher = fixture.Start(("Publisher:Until", "2011-12-01T08:05:00Z"));
        await publisher.UntilAsync(() => publisher.Counter(Instruments.PartitionsPublished) == 1, "the partition published");

        await fixture.PutAsync(key, Upsert("a", "2011-12-01T08:01:00Z", "right"), signal);
        await publisher.UntilAsync(() => publisher.Counter(Instruments.ReplacedObjects) == 1, "the correction published");
        await publisher.StopAsync();

        var upserts = (await fixture.DeltasAsync()).Where(delta => delta.Kind == DeltaKind.Upsert).OrderBy(delta => delta.Version).ToArray();
        Assert.Equal(["wrong", "right"], upserts.Select(upsert => upsert.Title));
        Assert.True(upserts[1].Version > upserts[0].Version);
        var letter = Assert.Single(fixture.DeadLetters());
        Assert.Equal(ErrorClasses.ReplacedSignal, PublisherFixture.Header(letter, RecordHeaders.DeadLetterErrorClass));
        Assert.Equal(signal, Encoding.UTF8.GetString(letter.Message.Value));
        Assert.Equal(1, Assert.Single(fixture.Progress().Objects).Generation);
        Assert.Equal(0, publisher.Counter(Instruments.LateObjects));
    }

    [Fact]
    public async Task EmptyPartitions_MoveTheWatermark()
    {
        await using var fixture = await PublisherFixture.CreateAsync(stack);
        await fixture.PutAsync(First + "part-0.ndjson", Upsert("a", "2011-12-01T08:01:00Z"));
        await fixture.PutAsync(First + "_SUCCESS");

        await fixture.PublishAsync("2011-12-01T08:30:00Z");

        Assert.Equal(DateTimeOffset.Parse("2011-12-01T08:30:00Z"), fixture.Progress().Watermark);
        Assert.Equal(6, fixture.Progress().Counts.Partitions);
        Assert.All(fixture.ControlRecords().GroupBy(control => control.Partition), controls => Assert.Equal(
            DateTimeOffset.Parse("2011-12-01T08:30:00Z"), Time(controls.Last().Message.Headers.GetLastBytes(RecordHeaders.Watermark))));
        Assert.Single(await fixture.DeltasAsync());
        Assert.Empty(fixture.DeadLetters());
    }

    [Fact]
    public async Task Latest_GoesToTheNewest_CountsWhatItSkips_AndLeavesItAlone()
    {
        await using var fixture = await PublisherFixture.CreateAsync(stack);
        await UploadAsync(fixture, new GeneratorOptions { Partitions = 12, RecordsPerPartition = 10, CanariesPerPartition = 0 });
        await fixture.PublishAsync("2011-12-01T08:15:00Z");

        await using var publisher = fixture.Start(
            ("Publisher:Until", "2011-12-01T09:00:00Z"), ("Publisher:ExitWhenDone", "true"), ("Publisher:Restart", "latest"));
        await publisher.EndsAsync();

        Assert.Equal(8, publisher.Counter(Instruments.PartitionsSkipped));
        Assert.Equal(1, publisher.Counter(Instruments.PartitionsPublished));
        Assert.Equal(
            ["2011-12-01T08:00Z", "2011-12-01T08:05Z", "2011-12-01T08:10Z", "2011-12-01T08:55Z"],
            (await fixture.DeltasAsync()).Select(delta => delta.Partition).Distinct().Order());
        var skipped = Assert.Single(fixture.Progress().Skipped);
        Assert.Equal(8, skipped.Partitions);
        Assert.Equal(DateTimeOffset.Parse("2011-12-01T08:15:00Z"), skipped.From);
        Assert.Equal(DateTimeOffset.Parse("2011-12-01T08:55:00Z"), skipped.To);
    }

    [Fact]
    public async Task From_LeavesEarlierPartitionsAlone()
    {
        await using var fixture = await PublisherFixture.CreateAsync(stack);
        await fixture.PutAsync(First + "part-0.ndjson", Upsert("a", "2011-12-01T08:01:00Z"));
        await fixture.PutAsync(Second + "part-0.ndjson", Upsert("b", "2011-12-01T08:06:00Z"));

        await fixture.PublishAsync(EndOfSecond, ("Publisher:From", "2011-12-01T08:05:00Z"));

        Assert.Equal("b", Assert.Single(await fixture.DeltasAsync()).DocumentId);
    }

    [Fact]
    public async Task ObjectThatAListingHides_IsFoundByALaterOne()
    {
        await using var fixture = await PublisherFixture.CreateAsync(stack);
        await fixture.PutAsync(First + "part-0.ndjson", Upsert("a", "2011-12-01T08:01:00Z"));
        await fixture.PutAsync(First + "part-1.ndjson", Upsert("b", "2011-12-01T08:01:00Z"));
        var hidden = true;
        var lying = new ObservedStore(fixture.Store) { Shows = entry => !Volatile.Read(ref hidden) || !entry.Key.EndsWith("part-1.ndjson") };
        await using var publisher = fixture.StartOver(lying, ("Publisher:Until", "2011-12-01T08:05:00Z"));
        await publisher.UntilAsync(() => publisher.Counter(Instruments.PartitionsPublished) == 1, "the partition published");

        Volatile.Write(ref hidden, false);

        await publisher.UntilAsync(() => publisher.Counter(Instruments.LateObjects) == 1, "the hidden object published");
        Assert.Equal(["a", "b"], (await fixture.DeltasAsync()).Select(delta => delta.DocumentId).Order());
    }

    [Fact]
    public async Task PeriodThatDoesNotFitTheWatermark_IsAWrongCall()
    {
        await using var fixture = await PublisherFixture.CreateAsync(stack);
        await fixture.PutAsync(First + "part-0.ndjson", Upsert("a", "2011-12-01T08:01:00Z"));
        await fixture.PublishAsync("2011-12-01T08:05:00Z");

        await using var publisher = fixture.Start(("Source:Period", "00:10:00"));

        var failure = await Assert.ThrowsAsync<HybridException>(publisher.EndsAsync);
        Assert.Equal(ExitCodes.WrongCall, failure.ExitCode);
        Assert.Contains("no boundary of Source:Period 00:10:00", failure.Message);
    }

    [Fact]
    public async Task StoreThatDoesNotAnswer_IsUnreachable()
    {
        await using var fixture = await PublisherFixture.CreateAsync(stack);

        await using var publisher = fixture.Start(("ObjectStore:ServiceUrl", "http://127.0.0.1:1"));

        Assert.Equal(ExitCodes.Unreachable, (await Assert.ThrowsAsync<HybridException>(publisher.EndsAsync)).ExitCode);
    }

    private static string Upsert(string id, string eventTime, string title = "T") =>
        $$"""{"documentId":"{{id}}","kind":"upsert","eventTime":"{{eventTime}}","title":"{{title}}"}""";

    private static DateTimeOffset Time(byte[] header) => DateTimeOffset.FromUnixTimeMilliseconds(BinaryPrimitives.ReadInt64BigEndian(header));

    private static async Task<Contracts.Partitions.InputManifest> UploadAsync(PublisherFixture fixture, GeneratorOptions options)
    {
        var directory = Directory.CreateTempSubdirectory("hybrid-input-").FullName;
        try
        {
            var manifest = new PartitionGenerator(options).Generate(directory, null, default);
            foreach (var path in Directory.GetFiles(directory, "*.ndjson.gz", SearchOption.AllDirectories))
            {
                await fixture.PutAsync(Path.GetRelativePath(directory, path).Replace('\\', '/'), await File.ReadAllBytesAsync(path));
            }

            return manifest;
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }
}
