using System.CommandLine;
using Hybrid.Cli.CommandLine;
using Hybrid.Pipeline.Hosting;
using Hybrid.Publisher.Watermarks;

namespace Hybrid.Cli.Verbs;

/// <summary><c>hybrid watermark</c>: how far sources are published, for an operator.</summary>
internal static class WatermarkVerb
{
    public static Command Create() => new VerbCommand(
        "watermark",
        "How far each source is published: shows it, its history, moves it, and forgets it. Moving is refused while a publisher of the source is alive.",
        "hybrid watermark show",
        "hybrid watermark history --source catalog",
        "hybrid watermark set --source catalog --to 2011-12-01T08:00Z --dry-run",
        "hybrid watermark reset --source catalog")
    {
        Show(),
        History(),
        Set(),
        Reset(),
    };

    private static VerbCommand Show()
    {
        var settings = new SettingOptions().WithKafka();
        var source = OptionalSource();
        var period = Durations.Option("--period", "The partitions' length, to tell the lag in partitions, too.");
        var verb = new VerbCommand(
            "show",
            "Shows where every source, shard and backfill stands, its lag behind the clock, what was published, and which publisher is alive.",
            "hybrid watermark show --kafka 127.0.0.1:9092 --period 5m")
        {
            source, period,
        };
        settings.AddTo(verb);
        verb.SetAction(async (parsed, cancellationToken) =>
        {
            await using var tool = new WatermarkTool(settings.Configuration(parsed));
            var statuses = await tool.ShowAsync(parsed.GetValue(source), cancellationToken);
            WatermarkText.WriteStatuses(statuses, parsed.GetValue(period), TimeProvider.System.GetUtcNow(), Console.Out);
            return ExitCodes.Done;
        });
        return verb;
    }

    private static VerbCommand History()
    {
        var settings = new SettingOptions().WithKafka();
        var source = OptionalSource();
        var verb = new VerbCommand(
            "history",
            "Lists the changes that the compacted topic of watermarks still holds, with their offsets and times.",
            "hybrid watermark history --source catalog --kafka 127.0.0.1:9092")
        {
            source,
        };
        settings.AddTo(verb);
        verb.SetAction(async (parsed, cancellationToken) =>
        {
            await using var tool = new WatermarkTool(settings.Configuration(parsed));
            WatermarkText.WriteHistory(tool.History(parsed.GetValue(source), cancellationToken), Console.Out);
            return ExitCodes.Done;
        });
        return verb;
    }

    private static VerbCommand Set()
    {
        var settings = new SettingOptions().WithKafka()
            .With("--layout", "Source:Layout", "TEMPLATE", "How partitions are named, as the publisher has it.")
            .With("--period", "Source:Period", "TIME", "The partitions' length, as the publisher has it, such as 00:05:00.");
        var source = RequiredSource();
        var to = Dates.Option("--to", "The start of the first partition to publish (UTC).");
        to.Required = true;
        var begin = new Option<bool>("--new") { Description = "The source has no watermark yet: its publisher shall begin there." };
        var dryRun = DryRun();
        var verb = new VerbCommand(
            "set",
            "Moves a watermark. Forward: the partitions on the way are skipped and noted as skipped. Back: they are published again, with the versions "
            + "they had, so that an index drops what it knows. Refused (exit 1) while a publisher of the source is alive; one that starts meanwhile wins.",
            "hybrid watermark set --source catalog --to 2011-12-01T08:00Z --dry-run",
            "hybrid watermark set --source 'catalog#2/4' --to 2011-12-01 --period 1.00:00:00 --layout 'dt={yyyy-MM-dd}/'")
        {
            source, to, begin, dryRun,
        };
        settings.AddTo(verb);
        verb.SetAction(async (parsed, cancellationToken) =>
        {
            await using var tool = new WatermarkTool(settings.Configuration(parsed));
            var dry = parsed.GetValue(dryRun);
            var moves = await tool.SetAsync(parsed.GetValue(source)!, parsed.GetValue(to)!.Value, parsed.GetValue(begin), dry, cancellationToken);
            WatermarkText.WriteMoves(moves, dry, Console.Out);
            return ExitCodes.Done;
        });
        return verb;
    }

    private static VerbCommand Reset()
    {
        var settings = new SettingOptions().WithKafka();
        var source = RequiredSource();
        var dryRun = DryRun();
        var verb = new VerbCommand(
            "reset",
            "Forgets a watermark, with all that is known of the source: its publisher begins anew, at the earliest partition or at Publisher:From. "
            + "Refused (exit 1) while a publisher of the source is alive.",
            "hybrid watermark reset --source catalog --dry-run")
        {
            source, dryRun,
        };
        settings.AddTo(verb);
        verb.SetAction(async (parsed, cancellationToken) =>
        {
            await using var tool = new WatermarkTool(settings.Configuration(parsed));
            var dry = parsed.GetValue(dryRun);
            WatermarkText.WriteMoves(await tool.ResetAsync(parsed.GetValue(source)!, dry, cancellationToken), dry, Console.Out);
            return ExitCodes.Done;
        });
        return verb;
    }

    private static Option<string?> OptionalSource() => new("--source") { Description = "The source, with its shards and backfills; all when not given.", HelpName = "NAME" };

    private static Option<string> RequiredSource() => new("--source")
    {
        Description = "The source, with all its shards; or the key of one shard or backfill, as 'hybrid watermark show' names it.",
        HelpName = "NAME",
        Required = true,
    };

    private static Option<bool> DryRun() => new("--dry-run") { Description = "Say what would be done, and do nothing." };
}
