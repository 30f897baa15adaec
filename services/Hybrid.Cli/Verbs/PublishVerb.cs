using System.CommandLine;
using Hybrid.Cli.CommandLine;
using Hybrid.Cli.Hosting;
using Hybrid.Pipeline.Hosting;
using Hybrid.Pipeline.Planning;

namespace Hybrid.Cli.Verbs;

/// <summary><c>hybrid publish</c>: the partition publisher as a service.</summary>
internal static class PublishVerb
{
    public static Command Create()
    {
        var settings = new SettingOptions().WithObjectStore().WithKafka()
            .With("--source", "Source:Name", "NAME", "The source's name, the key of its watermark.")
            .With("--layout", "Source:Layout", "TEMPLATE", "How partitions are named, such as dt={yyyy-MM-dd}/hh={HH}/mm={mm}/.")
            .With("--period", "Source:Period", "TIME", "The partitions' length, such as 00:05:00.")
            .With("--mode", "Publisher:Mode", "MODE", "When a partition is done: rate (by the clock), marker (a _SUCCESS object) or quiet (unchanged over several listings).")
            .WithRestart("Publisher")
            .With("--from", "Publisher:BackfillFrom", "TIME", "Backfill: publish again from this time on into a topic of its own, then exit. The live watermark stays.")
            .With("--until", "Publisher:Until", "TIME", "Leave partitions alone that end after this.")
            .With("--max-partitions-per-cycle", "Publisher:MaxPartitionsPerCycle", "N", "Catch up by so many partitions at most every poll interval.")
            .With("--max-records-per-second", "Publisher:MaxRecordsPerSecond", "N", "Catch up no faster than this.")
            .With("--notifications", "Publisher:NotificationTopic", "TOPIC", "A Kafka topic with the object store's S3 event messages: finds objects before the next listing.")
            .With("--shard", "Publisher:Shard", "K", "Which share of the source this publisher publishes, from 0.")
            .With("--shards", "Publisher:Shards", "N", "How many publishers share the source.");
        var verb = new VerbCommand(
            "publish",
            "Publishes partitions of the object store as Kafka records, each exactly once, with the watermark in the same transaction. Runs until stopped.",
            "hybrid publish --s3 http://127.0.0.1:9000 --bucket hybrid --kafka 127.0.0.1:9092 --registry http://127.0.0.1:8081",
            "hybrid publish --restart latest --set Publisher:SettleDelay=00:00:05",
            "hybrid publish --mode marker --shard 0 --shards 2",
            "hybrid publish --from 2011-12-01T08:00:00Z --max-records-per-second 5000");
        verb.Subcommands.Add(PublisherCrashTestVerb.Create());
        settings.AddTo(verb);
        verb.SetAction(async (parsed, cancellationToken) =>
        {
            await ServiceRunner.RunAsync(settings.Configuration(parsed), ServiceRegistrations.Publisher, cancellationToken);
            return ExitCodes.Done;
        });
        return verb;
    }
}
