using System.Text;
using Confluent.Kafka;
using Hybrid.Contracts.Records;
using Hybrid.Contracts.Topics;
using Hybrid.EndToEnd.Tests.CommandLine;
using Hybrid.EndToEnd.Tests.Publisher;
using Hybrid.Pipeline.DeadLetters;
using Hybrid.Publisher.DeadLetters;
using Microsoft.Extensions.Configuration;

namespace Hybrid.EndToEnd.Tests.Operating;

public sealed class CsvDeadLetterTests(PublisherStack stack) : IClassFixture<PublisherStack>, IDisposable
{
    private const string Header = "documentId;kind;eventTime;title;price";
    private const string Key = "dt=2011-12-01/hh=08/mm=00/part-2.csv.gz";
    private const string Object = Header + "\r\n"
        + "a;upsert;2011-12-01T08:01:00Z;\"two\nlines\";2,50\r\n"
        + "b;delete;2011-12-01T08:02:00Z;;\r\n"
        + "c;upsert;2011-12-01T08:03:00Z;t;3,75";

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("hybrid-letters-");

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public async Task RowsOfAWrongMapping_AreReplayedUnderTheRightOne_Once_AsIfItHadAlwaysBeenRight()
    {
        await using var fixture = await PublishedTwiceAsync(Mapping("wrong.json", "."));
        await using var right = await PublishedTwiceAsync(Mapping("right.json", ","));
        await using var tool = new DeadLetterTool(fixture.Configuration());
        Assert.Equal([2L, 5L, 2L, 5L], tool.Read(new LetterFilter(), default).Select(letter => letter.Line!.Value));
        Assert.All(tool.Read(new LetterFilter(), default), letter => Assert.Equal(Header, Encoding.UTF8.GetString(letter.CsvHeader!)));
        Assert.Equal(2, (await fixture.DeltasAsync()).Count);
        string[] replay =
        [
            "dlq", "replay", "--object", "*.csv.gz", "--mapping", Mapping("right.json", ","), "--kafka", stack.BootstrapServers, "--registry", stack.RegistryUrl,
            "--set", $"Kafka:TopicPrefix={fixture.Kafka.Topics.Prefix}",
        ];

        var once = await HybridProcess.RunAsync(replay);
        var twice = await HybridProcess.RunAsync(replay);

        Assert.True(once.ExitCode == 0, once.Errors);
        Assert.Contains("4 dead letters: 4 published, 0 had been published before, 0 stay dead", once.Output, StringComparison.Ordinal);
        Assert.Contains("4 dead letters: 0 published, 4 had been published before, 0 stay dead", twice.Output, StringComparison.Ordinal);
        Assert.Empty(right.DeadLetters());
        Assert.Equal(Comparable(await right.DeltasAsync()), Comparable(await fixture.DeltasAsync()));
    }

    [Fact]
    public async Task Rows_AreCorrectedAsRowsOrAsJson_AndStayDeadWithoutTheirHeader()
    {
        await using var fixture = await PublisherFixture.CreateAsync(stack);
        var mapping = Mapping("mapping.json", ".");
        await fixture.PutAsync(Key, PublisherFixture.Gzip(Encoding.UTF8.GetBytes(Object)));
        await fixture.PublishAsync("2011-12-01T08:05:00Z", ("Source:Mapping", mapping));
        using (var producer = fixture.Kafka.CreateProducer())
        {
            var older = fixture.DeadLetters()[0].Message;
            older.Headers.Remove(RecordHeaders.DeadLetterCsvHeader);
            await producer.ProduceAsync(fixture.Kafka.Topics.DeadLetters, older);
        }

        await using var tool = new DeadLetterTool(
            new ConfigurationBuilder().AddConfiguration(fixture.Configuration()).AddInMemoryCollection([new("Source:Mapping", mapping)]).Build());
        tool.ExportRaw(new LetterFilter { Limit = 2 }, _directory.FullName, default);
        await File.WriteAllTextAsync(Path.Combine(_directory.FullName, "0-0.line"), "a;upsert;2011-12-01T08:01:00Z;\"two\nlines\";2.50\n");
        await File.WriteAllTextAsync(Path.Combine(_directory.FullName, "0-1.line"), """{"documentId":"c","kind":"upsert","eventTime":"2011-12-01T08:03:00Z","price":3.75}""");

        var corrected = await tool.ReplayAsync(new LetterFilter(), _directory.FullName, false, new Silent(), default);
        var rest = await tool.ReplayAsync(new LetterFilter(), null, false, new Silent(), default);

        Assert.Equal((2, 2), (corrected.Letters, corrected.Published));
        Assert.Equal((3, 0, 2), (rest.Letters, rest.Published, rest.AlreadyReplayed));
        Assert.Equal(1, rest.StillDead[ErrorClasses.WrongType]);
        Assert.Contains("wrong-type: it does not hold the header row", Assert.Single(rest.StillDeadExamples), StringComparison.Ordinal);
        Assert.Equal(
            [("a", 2.5, 2L), ("c", 3.75, 5L)],
            (await fixture.DeltasAsync()).Where(delta => delta.Price is not null).OrderBy(delta => delta.Version)
                .Select(delta => (delta.DocumentId, delta.Price!.Value, LineOf(delta))));
    }

    private static long LineOf(CatalogDelta delta) =>
        Enumerable.Range(1, 10).Single(line => DeltaVersion.Create(delta.EventTimeMilliseconds, 0, line: line, objectOrdinal: 2) == delta.Version);

    private static IEnumerable<(long Version, string DocumentId, DeltaKind Kind, string? Title, double? Price, string Partition)> Comparable(IEnumerable<CatalogDelta> deltas) =>
        deltas.Select(delta => (delta.Version, delta.DocumentId, delta.Kind, delta.Title, delta.Price, delta.Partition)).Order();

    private string Mapping(string name, string decimalSeparator)
    {
        var path = Path.Combine(_directory.FullName, name);
        File.WriteAllText(path, $$"""{ "separator": ";", "decimalSeparator": "{{decimalSeparator}}" }""");
        return path;
    }

    /// <summary>The object, and then a correction of it.</summary>
    private async Task<PublisherFixture> PublishedTwiceAsync(string mapping)
    {
        var fixture = await PublisherFixture.CreateAsync(stack);
        await fixture.PutAsync(Key, PublisherFixture.Gzip(Encoding.UTF8.GetBytes(Object)));
        await fixture.PublishAsync("2011-12-01T08:05:00Z", ("Source:Mapping", mapping));
        await fixture.PutAsync(Key, PublisherFixture.Gzip(Encoding.UTF8.GetBytes(Object.Replace(";t;", ";u;", StringComparison.Ordinal))));
        await fixture.PublishAsync("2011-12-01T08:10:00Z", ("Source:Mapping", mapping));
        return fixture;
    }

    private sealed class Silent : IProgress<int>
    {
        public void Report(int value)
        {
        }
    }
}
