using System.CommandLine;
using Hybrid.Cli.CommandLine;
using Hybrid.Pipeline.Hosting;
using Hybrid.Publisher;

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
            .WithRestart("Publisher");
        var verb = new VerbCommand(
            "publish",
            "Publishes partitions of the object store as Kafka records, each exactly once, with the watermark in the same transaction. Runs until stopped.",
            "hybrid publish --s3 http://127.0.0.1:9000 --bucket hybrid --kafka 127.0.0.1:9092 --registry http://127.0.0.1:8081",
            "hybrid publish --restart latest --set Publisher:SettleDelay=00:00:05");
        settings.AddTo(verb);
        verb.SetAction(async (parsed, cancellationToken) =>
        {
            await ServiceRunner.RunAsync(settings.Configuration(parsed), (services, configuration) => services.AddPublisher(configuration), cancellationToken);
            return ExitCodes.Done;
        });
        return verb;
    }
}
