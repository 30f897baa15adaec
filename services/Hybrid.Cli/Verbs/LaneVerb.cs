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
            .WithFlag("--available-now", "Lane:AvailableNow", "Takes what the topic holds now, commits it and ends with 0; what comes meanwhile is left to the next run.");
        var verb = new VerbCommand(
            "lane",
            "Indexes into Solr by one lane: the Kafka lanes from the deltas topic, direct straight from the object store. A position is written down only after Solr has acknowledged. Runs until stopped, then drains.",
            "hybrid lane micro-batch --kafka 127.0.0.1:9092 --solr http://127.0.0.1:8983/solr --interval 00:00:00.500",
            "hybrid lane micro-batch --freshness-target 00:00:05",
            "hybrid lane micro-batch --available-now",
            "hybrid lane streaming --visibility soft-commit --set Lane:Pipelines=8",
            "hybrid lane direct --s3 http://127.0.0.1:9000 --bucket hybrid --solr http://127.0.0.1:8983/solr")
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
