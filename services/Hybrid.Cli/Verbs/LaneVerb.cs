using System.CommandLine;
using Hybrid.Cli.CommandLine;
using Hybrid.Cli.Hosting;
using Hybrid.Comparison.Experiments;
using Hybrid.Pipeline.Hosting;

namespace Hybrid.Cli.Verbs;

/// <summary><c>hybrid lane NAME</c>: one lane as a service.</summary>
internal static class LaneVerb
{
    public static Command Create()
    {
        var name = new Argument<string>("name") { Description = $"The lane: {string.Join(", ", LaneCatalog.Available)}.", HelpName = "NAME" };
        var settings = new SettingOptions().WithKafka().WithObjectStore().WithSolr().WithRestart("Lane")
            .With("--interval", "Lane:Interval", "TIME", "micro-batch: how long a batch is collected at most, such as 00:00:01.")
            .With("--freshness-target", "Lane:FreshnessTarget", "TIME", "micro-batch: shrinks and grows the interval so that records are searchable this long after their partition was due, such as 00:00:05.")
            .WithFlag("--available-now", "Lane:AvailableNow", "Takes what the topic holds now, commits it and ends with 0; what comes meanwhile is left to the next run.")
            .With("--schedule", "Batch:Schedule", "CRON", "batch, hybrid: when it runs, in event time, UTC, such as '*/15 * * * *'.")
            .WithFlag("--once", "Batch:Once", "batch: run once, now, and exit.")
            .With("--from", "Batch:From", "TIME", "batch: index the partitions from this time on once more, and exit.")
            .With("--to", "Batch:To", "TIME", "batch: the end of the range that --from begins.")
            .WithFlag("--rebuild", "Batch:Rebuild", "batch: build the whole index anew, put it in the old one's place at once, and exit.");
        var verb = new VerbCommand(
            "lane",
            "Indexes into Solr by one lane: the Kafka lanes from the deltas topic, direct and batch straight from the object store. A position is written down only after Solr has acknowledged. Runs until stopped, then drains.",
            "hybrid lane micro-batch --kafka 127.0.0.1:9092 --solr http://127.0.0.1:8983/solr --interval 00:00:00.500",
            "hybrid lane micro-batch --freshness-target 00:00:05",
            "hybrid lane micro-batch --available-now",
            "hybrid lane streaming --visibility soft-commit --set Lane:Pipelines=8",
            "hybrid lane direct --s3 http://127.0.0.1:9000 --bucket hybrid --solr http://127.0.0.1:8983/solr",
            "hybrid lane batch --schedule '*/15 * * * *'",
            "hybrid lane batch --from 2011-12-01T08:00:00Z --to 2011-12-01T12:00:00Z",
            "hybrid lane batch --rebuild",
            "hybrid lane hybrid --restart latest --schedule @hourly")
        {
            name,
        };
        settings.AddTo(verb);
        verb.SetAction(async (parsed, cancellationToken) =>
        {
            var lane = parsed.GetValue(name)!;
            LaneCatalog.Check([lane]);
            await ServiceRunner.RunAsync(settings.Configuration(parsed), ServiceRegistrations.Lane(lane), cancellationToken);
            return ExitCodes.Done;
        });
        return verb;
    }
}
