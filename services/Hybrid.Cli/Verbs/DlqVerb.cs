using System.CommandLine;
using Hybrid.Cli.CommandLine;
using Hybrid.Pipeline.Hosting;
using Hybrid.Publisher.DeadLetters;

namespace Hybrid.Cli.Verbs;

/// <summary><c>hybrid dlq</c>: the dead letters, for an operator.</summary>
internal static class DlqVerb
{
    private const int ListedAtMost = 100;

    public static Command Create() => new VerbCommand(
        "dlq",
        "The dead letters: lines that could not be read, and records that Solr refused, each as it was, with its object, ETag, line, column and error.",
        "hybrid dlq list --since 2h --class malformed-json",
        "hybrid dlq show 0:17",
        "hybrid dlq export --out letters.ndjson",
        "hybrid dlq replay --corrected letters.ndjson --dry-run")
    {
        List(),
        Show(),
        Export(),
        Replay(),
    };

    private static VerbCommand List()
    {
        var settings = Settings();
        var filter = new LetterFilterOptions(ListedAtMost);
        var json = new Option<bool>("--json") { Description = "One JSON object a line instead of the table, with the bytes." };
        var verb = new VerbCommand(
            "list",
            $"Lists dead letters, the oldest first, {ListedAtMost} at most unless --limit says otherwise.",
            "hybrid dlq list --kafka 127.0.0.1:9092",
            "hybrid dlq list --object 'dt=2011-12-01/*' --pending --json")
        {
            json,
        };
        filter.AddTo(verb);
        settings.AddTo(verb);
        verb.SetAction(async (parsed, cancellationToken) =>
        {
            await using var tool = new DeadLetterTool(settings.Configuration(parsed));
            var meant = filter.Read(parsed);
            if (parsed.GetValue(json))
            {
                tool.Export(meant, Console.Out, cancellationToken);
            }
            else
            {
                LetterText.WriteList(tool.Read(meant, cancellationToken), meant.Limit, Console.Out);
            }

            return ExitCodes.Done;
        });
        return verb;
    }

    private static VerbCommand Show()
    {
        var settings = Settings();
        var position = Position();
        var verb = new VerbCommand(
            "show", "Shows one dead letter: where it comes from, why it is one, and its bytes.", "hybrid dlq show 0:17 --kafka 127.0.0.1:9092")
        {
            position,
        };
        settings.AddTo(verb);
        verb.SetAction(async (parsed, cancellationToken) =>
        {
            await using var tool = new DeadLetterTool(settings.Configuration(parsed));
            LetterText.WriteWhole(tool.Read(parsed.GetValue(position), cancellationToken), Console.Out);
            return ExitCodes.Done;
        });
        return verb;
    }

    private static VerbCommand Export()
    {
        var settings = Settings();
        var filter = new LetterFilterOptions(null);
        var output = new Option<string?>("--out") { Description = "A file for NDJSON; standard output when neither this nor --raw is given.", HelpName = "FILE" };
        var raw = new Option<string?>("--raw") { Description = "A directory for the bytes of each dead letter in a file of its own, partition-offset.line.", HelpName = "DIR" };
        var verb = new VerbCommand(
            "export",
            "Writes dead letters to files, to be looked at or corrected. In NDJSON, correct 'content'; 'hybrid dlq replay --corrected' takes either form back.",
            "hybrid dlq export --class wrong-type --out letters.ndjson",
            "hybrid dlq export --pending --raw letters")
        {
            output, raw,
        };
        filter.AddTo(verb);
        settings.AddTo(verb);
        verb.SetAction(async (parsed, cancellationToken) =>
        {
            await using var tool = new DeadLetterTool(settings.Configuration(parsed));
            var meant = filter.Read(parsed);
            if (parsed.GetValue(raw) is { } directory)
            {
                Console.WriteLine($"{LetterText.Count(tool.ExportRaw(meant, directory, cancellationToken))} in {directory}");
            }
            else if (parsed.GetValue(output) is { } file)
            {
                await using var writer = new StreamWriter(file);
                Console.WriteLine($"{LetterText.Count(tool.Export(meant, writer, cancellationToken))} in {file}");
            }
            else
            {
                tool.Export(meant, Console.Out, cancellationToken);
            }

            return ExitCodes.Done;
        });
        return verb;
    }

    private static VerbCommand Replay()
    {
        var settings = Settings()
            .With("--layout", "Source:Layout", "TEMPLATE", "How partitions are named, for dead letters that do not tell theirs.")
            .With("--period", "Source:Period", "TIME", "The partitions' length, for the same.")
            .With("--mapping", "Source:Mapping", "FILE", "How the columns of CSV objects become fields, as it should have been; columns of the fields' names need none.");
        var filter = new LetterFilterOptions(null);
        var position = new Option<string[]>("--at")
        {
            Description = "Only the dead letter at this position; may be repeated.",
            HelpName = "PARTITION:OFFSET",
            DefaultValueFactory = _ => [],
        };
        var corrected = new Option<string?>("--corrected")
        {
            Description = "An exported file or directory with corrected contents: JSON lines whatever the object's format, or for a CSV object a row under its header. Exactly these dead letters are replayed, with these bytes.",
            HelpName = "PATH",
        };
        var dryRun = new Option<bool>("--dry-run") { Description = "Say what would be published, and publish nothing." };
        var verb = new VerbCommand(
            "replay",
            "Publishes dead letters again, the way that their lines would have gone: parsed as their object's format says (CSV under the header row that the "
            + "dead letter keeps), given the version of their place and event time, so that nothing newer is overtaken, and written to the deltas topic. "
            + "A record of an Avro object stays dead unless it is corrected to a JSON line. Each is published once, however often this is run: its entry in a ledger, the "
            + "topic hybrid.deltas.dlq.replays, is in the transaction of its record. What still cannot be read stays a dead letter and is counted.",
            "hybrid dlq replay --class refused-document --since 2h --dry-run",
            "hybrid dlq replay --object '*.csv' --pending --mapping mapping.json",
            "hybrid dlq replay --corrected letters.ndjson")
        {
            position, corrected, dryRun,
        };
        filter.AddTo(verb);
        settings.AddTo(verb);
        verb.SetAction(async (parsed, cancellationToken) =>
        {
            await using var tool = new DeadLetterTool(settings.Configuration(parsed));
            var dry = parsed.GetValue(dryRun);
            var meant = filter.Read(parsed, parsed.GetValue(position)!);
            var outcome = await tool.ReplayAsync(meant, parsed.GetValue(corrected), dry, new LetterText.Progress(Console.Error), cancellationToken);
            LetterText.WriteOutcome(outcome, dry, Console.Out);
            return ExitCodes.Done;
        });
        return verb;
    }

    private static Argument<LetterPosition> Position() => new("position")
    {
        Description = "Where it stands, as 'hybrid dlq list' shows it.",
        HelpName = "PARTITION:OFFSET",
        CustomParser = result =>
        {
            if (!LetterPosition.TryParse(result.Tokens.Single().Value, out var position))
            {
                result.AddError($"'{result.Tokens.Single().Value}' is no position: write partition:offset, such as 0:17.");
            }

            return position;
        },
    };

    private static SettingOptions Settings() => new SettingOptions().WithKafka();
}
