using System.Text;
using Hybrid.Comparison.Crashes.Publishing;
using Hybrid.Contracts.Partitions;
using Hybrid.Contracts.Records;

namespace Hybrid.Unit.Tests.Crashes;

public sealed class PublishLedgerTests
{
    private const int Objects = 3;
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(5);
    private static readonly PartitionLayout Layout = new(PartitionLayout.DefaultTemplate, Period);
    private static readonly PartitionId First = new(new DateTimeOffset(2011, 12, 1, 8, 0, 0, TimeSpan.Zero), Period);
    private static readonly DateTimeOffset End = First.Start + (Objects * Period);
    private static readonly IReadOnlyList<InputObject> Inputs = [.. Enumerable.Range(0, Objects).Select(Long)];

    [Fact]
    public void EveryLineOnceAndInOrder_IsAsItMustBe()
    {
        Assert.Empty(Close(Events()));
        Assert.Empty(Close(Events(), shards: 2));
    }

    [Fact]
    public void LineThatIsMissing_IsFound() =>
        Assert.Contains(Close(Without(Events(), RecordOf(1))), wrong => wrong.Contains("1 of", StringComparison.Ordinal) && wrong.Contains("missing", StringComparison.Ordinal));

    [Fact]
    public void LineThatIsThereTwice_IsFound()
    {
        var events = Events();
        events.Insert(RecordOf(1), events[RecordOf(1)]);

        Assert.Contains(Close(events), wrong => wrong.Contains("is there twice", StringComparison.Ordinal));
    }

    [Fact]
    public void LinesOfOneObjectThatChangedPlaces_AreFound()
    {
        var events = Events();
        var (one, next) = (RecordOf(1), RecordOf(1) + 1);
        (events[one], events[next]) = (events[next], events[one]);

        Assert.Contains(Close(events), wrong => wrong.Contains("stands behind line", StringComparison.Ordinal));
        Assert.Contains(Close(events, shards: 2), wrong => wrong.Contains("stands behind line", StringComparison.Ordinal));
    }

    [Fact]
    public void ObjectInTheMidstOfAnother_IsFoundWhereOnePublisherHasTheSource()
    {
        var events = Events();
        var moved = events[RecordOf(2)];
        events.RemoveAt(RecordOf(2));
        events.Insert(RecordOf(1) + 1, moved);

        Assert.Contains(Close(events), wrong => wrong.Contains("came between", StringComparison.Ordinal));
    }

    [Fact]
    public void PartitionsThatChangedPlaces_AreFoundUnlessOneWasLate()
    {
        List<Event> events = [.. EventsOf(1), .. EventsOf(0), .. EventsOf(2)];

        Assert.Contains(Close(events), wrong => wrong.Contains("was in time and stands behind", StringComparison.Ordinal));
        Assert.Empty(Close(events, late: 0, counted: 1));
    }

    [Fact]
    public void ControlRecordBeforeWhatItCovers_IsFoundUnlessThatWasLate()
    {
        var events = Events();
        events.Insert(RecordOf(1), new Event.Control(First.Next.End));

        Assert.Contains(Close(events), wrong => wrong.Contains("behind a control record that covers them", StringComparison.Ordinal));
        Assert.Contains(Close(events, late: 1), wrong => wrong.Contains("counted as late", StringComparison.Ordinal));
    }

    [Fact]
    public void WatermarkThatGoesBack_IsFound()
    {
        var ledger = new PublishLedger(1, (_, _) => true);
        ledger.Progress("crash", new PublishedProgress { Watermark = First.Next.End });
        ledger.Progress("crash", new PublishedProgress { Watermark = First.End });
        ledger.Control(0, First.Next.End);
        ledger.Control(0, First.End);

        var wrong = ledger.Close(First.End, 1);

        Assert.Contains(wrong, line => line.Contains("'crash' went back", StringComparison.Ordinal));
        Assert.Contains(wrong, line => line.Contains("Kafka partition 0: control record", StringComparison.Ordinal));
    }

    [Fact]
    public void WatermarkThatDoesNotReachTheEnd_IsFound() =>
        Assert.Contains(Close(Events(), end: End + Period), wrong => wrong.Contains("the last control record says", StringComparison.Ordinal));

    [Fact]
    public void RecordWithAnotherVersion_IsFound()
    {
        var events = Events();
        var record = (Event.Record)events[RecordOf(1)];
        events[RecordOf(1)] = new Event.Record(record.Delta with { Version = record.Delta.Version + 1 });

        Assert.Contains(Close(events), wrong => wrong.Contains("in place of", StringComparison.Ordinal));
    }

    [Fact]
    public void DeadLetterWithOtherBytes_IsFound()
    {
        var events = Events();
        var at = events.FindIndex(one => one is Event.Letter);
        events[at] = (Event.Letter)events[at] with { Content = "something else" };

        Assert.Contains(Close(events), wrong => wrong.Contains("or not with its bytes", StringComparison.Ordinal));
    }

    private static List<Event> Events() => [.. Enumerable.Range(0, Objects).SelectMany(EventsOf)];

    /// <summary>What one object becomes, and the control record behind it.</summary>
    private static IEnumerable<Event> EventsOf(int number)
    {
        var input = Inputs[number];
        for (var line = 1; line <= input.Lines; line++)
        {
            yield return input.IsBad(line) ? new Event.Letter(input.Key, line, input.Text(line)) : new Event.Record(DeltaOf(input, line));
        }

        yield return new Event.Control(input.Partition.End);
    }

    private static CatalogDelta DeltaOf(InputObject input, int line)
    {
        using var json = System.Text.Json.JsonDocument.Parse(input.Text(line));
        var time = json.RootElement.GetProperty("eventTime").GetDateTimeOffset().ToUnixTimeMilliseconds();
        return new CatalogDelta
        {
            DocumentId = json.RootElement.GetProperty("documentId").GetString()!,
            Kind = DeltaKind.Upsert,
            Version = DeltaVersion.Create(time, 0, line, DeltaVersion.ObjectOrdinal(input.Key)),
            EventTimeMilliseconds = time,
            Partition = input.Partition.Name,
            Title = json.RootElement.GetProperty("title").GetString(),
        };
    }

    /// <summary>The place in <see cref="Events"/> of an object's first record that another record of it follows.</summary>
    private static int RecordOf(int number)
    {
        var events = Events();
        return Enumerable.Range(0, events.Count - 1).First(i => IsOf(events[i]) && IsOf(events[i + 1]));

        bool IsOf(Event one) => one is Event.Record record && InputObject.TryPlace(record.Delta.Title, out var of, out _) && of == number;
    }

    private static List<Event> Without(List<Event> events, int index)
    {
        events.RemoveAt(index);
        return events;
    }

    private static IReadOnlyList<string> Close(List<Event> events, int shards = 1, int? late = null, long counted = 0, DateTimeOffset? end = null)
    {
        var ledger = new PublishLedger(shards, (partitionEnd, _) => late is null || partitionEnd != Inputs[late.Value].Partition.End);
        foreach (var input in Inputs)
        {
            ledger.Putting(input);
            ledger.Settled(input, DateTimeOffset.UnixEpoch);
        }

        DateTimeOffset watermark = default;
        foreach (var one in events)
        {
            switch (one)
            {
                case Event.Record record:
                    ledger.Record(0, record.Delta);
                    break;
                case Event.Letter letter:
                    ledger.DeadLetter(letter.Key, letter.Line, Encoding.UTF8.GetBytes(letter.Content));
                    break;
                case Event.Control control when control.Watermark > watermark:
                    ledger.Control(0, watermark = control.Watermark);
                    break;
            }
        }

        var counts = new PublishedCounts
        {
            Objects = Objects,
            Lines = Inputs.Sum(input => input.Lines),
            Records = events.OfType<Event.Record>().Count(),
            DeadLetters = events.OfType<Event.Letter>().Count(),
            LateObjects = counted,
        };
        for (var shard = 0; shard < shards; shard++)
        {
            ledger.Progress($"crash#{shard}", new PublishedProgress { Watermark = End, Counts = shard == 0 ? counts : new PublishedCounts() });
        }

        return ledger.Close(end ?? End, 1);
    }

    /// <summary>The first object of a number that is long and has a bad line.</summary>
    private static InputObject Long(int number) => Enumerable.Range(0, 1_000)
        .Select(seed => InputObject.Draw(number, new PartitionId(First.Start + (number * Period), Period), Layout, new Random(seed)))
        .First(input => input.Lines is > 100 and < 400 && Enumerable.Range(1, input.Lines).Any(input.IsBad));

    private abstract record Event
    {
        public sealed record Record(CatalogDelta Delta) : Event;

        public sealed record Letter(string Key, long Line, string Content) : Event;

        public sealed record Control(DateTimeOffset Watermark) : Event;
    }
}
