using System.Text;
using Confluent.Kafka;
using Hybrid.Contracts.Records;
using Hybrid.Contracts.Topics;
using Hybrid.EndToEnd.Tests.CommandLine;
using Hybrid.EndToEnd.Tests.Publisher;
using Hybrid.Pipeline.DeadLetters;
using Hybrid.Pipeline.Hosting;
using Hybrid.Publisher.DeadLetters;


namespace Hybrid.EndToEnd.Tests.Operating;

public sealed class DeadLetterTests(PublisherStack stack) : IClassFixture<PublisherStack>, IDisposable
{
    private const string Key = "dt=2011-12-01/hh=08/mm=00/part-2.ndjson";
    private const string Broken = """{"documentId":"b","kind":"upsert","eventTime":"2011-12-01T08:02:00Z","price":"dear"}""";
    private const string Mended = """{"documentId":"b","kind":"upsert","eventTime":"2011-12-01T08:02:00Z","price":9.5}""";

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("hybrid-letters-");

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public async Task Letters_TellWhereTheyComeFrom_AndCanBeFiltered()
    {
        await using var fixture = await PublishedAsync();
        await using var tool = new DeadLetterTool(fixture.Configuration());

        var letters = tool.Read(new LetterFilter(), default).ToList();

        Assert.Equal([2L, 4L], letters.Select(letter => letter.Line!.Value));
        var letter = letters[0];
        Assert.Equal(("catalog", Key, "2011-12-01T08:00Z", 0), (letter.Source, letter.ObjectKey, letter.Partition, letter.Generation));
        Assert.Equal(ErrorClasses.WrongType, letter.ErrorClass);
        Assert.Equal(Broken, Encoding.UTF8.GetString(letter.Content));
        Assert.NotNull(letter.ETag);
        Assert.Single(tool.Read(new LetterFilter { ErrorClass = ErrorClasses.MalformedJson }, default));
        Assert.Equal(2, tool.Read(new LetterFilter { Object = "dt=2011-12-*/part-?.ndjson", Source = "catalog" }, default).Count());
        Assert.Empty(tool.Read(new LetterFilter { Object = "dt=2012*" }, default));
        Assert.Empty(tool.Read(new LetterFilter { Since = DateTimeOffset.UtcNow.AddHours(1) }, default));
        Assert.Single(tool.Read(new LetterFilter { Since = letter.Written, Limit = 1 }, default));
    }

    [Fact]
    public async Task CorrectedLetter_IsPublishedOnce_WithTheVersionOfItsPlace()
    {
        await using var fixture = await PublishedAsync();
        await using var tool = new DeadLetterTool(fixture.Configuration());
        var file = Path.Combine(_directory.FullName, "letters.ndjson");
        await using (var writer = new StreamWriter(file))
        {
            Assert.Equal(2, tool.Export(new LetterFilter(), writer, default));
        }

        var exported = await File.ReadAllTextAsync(file);
        await File.WriteAllTextAsync(file, exported.Replace("\\\"dear\\\"", "9.5", StringComparison.Ordinal));

        var tried = await ReplayAsync(tool, file, dryRun: true);
        Assert.Equal((2, 1, 1), (tried.Letters, tried.Published, tried.StillDead[ErrorClasses.MalformedJson]));
        Assert.Equal(2, (await fixture.DeltasAsync()).Count);

        Assert.Equal(1, (await ReplayAsync(tool, file, dryRun: false)).Published);
        var again = await ReplayAsync(tool, file, dryRun: false);
        Assert.Equal((0, 1, 1), (again.Published, again.AlreadyReplayed, again.StillDead.Values.Sum()));

        var mended = Assert.Single(await fixture.DeltasAsync(), delta => delta.DocumentId == "b");
        Assert.Equal(9.5, mended.Price);
        Assert.Equal("2011-12-01T08:00Z", mended.Partition);
        Assert.Equal(DeltaVersion.Create(DateTimeOffset.Parse("2011-12-01T08:02:00Z").ToUnixTimeMilliseconds(), 0, 2, 2), mended.Version);
        Assert.Equal([true, false], tool.Read(new LetterFilter(), default).Select(letter => letter.Replayed is not null));
        Assert.Single(tool.Read(new LetterFilter { Pending = true }, default));
    }

    [Fact]
    public async Task LettersReplayedByTwo_ArePublishedOnce()
    {
        await using var fixture = await PublishedAsync();
        await using var tool = new DeadLetterTool(fixture.Configuration());
        tool.ExportRaw(new LetterFilter(), _directory.FullName, default);
        await File.WriteAllTextAsync(Path.Combine(_directory.FullName, "0-0.line"), Mended + "\n");

        await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Task.Run(async () =>
        {
            try
            {
                await ReplayAsync(tool, _directory.FullName, dryRun: false);
            }
            catch (HybridException fenced)
            {
                Assert.Contains("another replay", fenced.Message, StringComparison.Ordinal);
            }
        })));
        await ReplayAsync(tool, _directory.FullName, dryRun: false);

        Assert.Single(await fixture.DeltasAsync(), delta => delta.DocumentId == "b");
    }

    [Fact]
    public async Task LettersOfALane_ArePublishedAgainAsTheyAre()
    {
        await using var fixture = await PublishedAsync();
        var record = fixture.Read(fixture.Kafka.Topics.Deltas).First(one => one.Message.Value is not null);
        using (var producer = fixture.Kafka.CreateProducer())
        {
            foreach (var value in new[] { record.Message.Value, [1, 2, 3] })
            {
                var headers = new Headers
                {
                    { RecordHeaders.Closed, record.Message.Headers.GetLastBytes(RecordHeaders.Closed) },
                    { RecordHeaders.DeadLetterLane, "streaming"u8.ToArray() },
                    { RecordHeaders.DeadLetterErrorClass, Encoding.UTF8.GetBytes(ErrorClasses.RefusedDocument) },
                };
                await producer.ProduceAsync(fixture.Kafka.Topics.DeadLetters, new Message<byte[], byte[]> { Key = record.Message.Key, Value = value, Headers = headers });
            }
        }

        await using var tool = new DeadLetterTool(fixture.Configuration());
        var outcome = await tool.ReplayAsync(new LetterFilter { ErrorClass = ErrorClasses.RefusedDocument }, null, false, new Silent(), default);

        Assert.Equal((2, 1), (outcome.Letters, outcome.Published));
        Assert.Equal(1, outcome.StillDead[ErrorClasses.UnreadableRecord]);
        var again = fixture.Read(fixture.Kafka.Topics.Deltas).Where(one => one.Message.Value is not null && one.Message.Key.AsSpan().SequenceEqual(record.Message.Key)).ToList();
        Assert.Equal(2, again.Count);
        Assert.Equal(again[0].Message.Value, again[1].Message.Value);
        Assert.All(again, one => Assert.False(one.Message.Headers.TryGetLastBytes(RecordHeaders.DeadLetterLane, out _)));
    }

    [Fact]
    public async Task Verbs_ListShowExportAndReplay()
    {
        await using var fixture = await PublishedAsync();
        string[] stackOptions = ["--kafka", stack.BootstrapServers, "--registry", stack.RegistryUrl, "--set", $"Kafka:TopicPrefix={fixture.Kafka.Topics.Prefix}"];

        var list = await HybridProcess.RunAsync(["dlq", "list", .. stackOptions]);
        Assert.True(list.ExitCode == 0, list.Errors);
        Assert.Contains($"{Key}:2:", list.Output, StringComparison.Ordinal);
        Assert.Contains("2 dead letters", list.Output, StringComparison.Ordinal);

        var show = await HybridProcess.RunAsync(["dlq", "show", "0:0", .. stackOptions]);
        Assert.Contains(Broken, show.Output, StringComparison.Ordinal);
        Assert.Contains("etag", show.Output, StringComparison.Ordinal);
        Assert.Equal(2, (await HybridProcess.RunAsync(["dlq", "show", "0:99", .. stackOptions])).ExitCode);

        var export = await HybridProcess.RunAsync(["dlq", "export", "--class", ErrorClasses.WrongType, "--raw", _directory.FullName, .. stackOptions]);
        Assert.Contains("1 dead letter in", export.Output, StringComparison.Ordinal);
        var file = Assert.Single(_directory.GetFiles());
        await File.WriteAllTextAsync(file.FullName, Mended);

        var replay = await HybridProcess.RunAsync(["dlq", "replay", "--corrected", _directory.FullName, .. stackOptions]);
        Assert.Contains("1 dead letter: 1 published, 0 had been published before, 0 stay dead", replay.Output, StringComparison.Ordinal);
    }

    private static Task<ReplayOutcome> ReplayAsync(DeadLetterTool tool, string corrected, bool dryRun) =>
        tool.ReplayAsync(new LetterFilter(), corrected, dryRun, new Silent(), default);

    /// <summary>An object of two deltas and two lines that are none.</summary>
    private async Task<PublisherFixture> PublishedAsync()
    {
        var fixture = await PublisherFixture.CreateAsync(stack);
        await fixture.PutAsync(
            Key,
            """{"documentId":"a","kind":"upsert","eventTime":"2011-12-01T08:01:00Z"}""",
            Broken,
            """{"documentId":"c","kind":"delete","eventTime":"2011-12-01T08:03:00Z"}""",
            "{broken");
        await fixture.PublishAsync("2011-12-01T08:05:00Z");
        return fixture;
    }

    private sealed class Silent : IProgress<int>
    {
        public void Report(int value)
        {
        }
    }
}
