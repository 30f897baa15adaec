using System.CommandLine;
using Hybrid.Cli.CommandLine;
using Hybrid.Comparison.Load.Import;
using Hybrid.Contracts.Partitions;
using Hybrid.Pipeline.Hosting;

namespace Hybrid.Cli.Verbs;

/// <summary><c>hybrid import online-retail DIR</c>: partitions from a data set.</summary>
internal static class ImportVerb
{
    public static Command Create()
    {
        var verb = new VerbCommand(
            "import",
            "Makes partitions from a data set.",
            "hybrid import online-retail DIR --from 2010-12-01 --to 2010-12-07 --out week")
        {
            OnlineRetail(),
        };
        return verb;
    }

    private static VerbCommand OnlineRetail()
    {
        var source = new Argument<string>("dir") { Description = "The directory with one CSV a day, YYYY-MM-DD.csv.gz or .csv.", HelpName = "DIR" };
        var from = Dates.Option("--from", "The first day; the data set's first when not given.");
        var to = Dates.Option("--to", "The last day, included; the data set's last when not given.");
        var period = Durations.Option("--period", "The partitions' length. Default: 5m.");
        var layout = new Option<string>("--layout") { Description = "How partitions are named.", DefaultValueFactory = _ => PartitionLayout.DefaultTemplate };
        var format = FormatOptions.Format();
        var compression = FormatOptions.Compression();
        var output = new Option<string>("--out") { Description = "Where the partitions go: a new or empty directory, or one that this verb made.", HelpName = "DIR", Required = true };
        var verb = new VerbCommand(
            "online-retail",
            "Makes partitions from the UCI Online Retail data set (CC BY 4.0, https://doi.org/10.24432/C5BW33). A line of an invoice gives an upsert of its "
            + "product and a signal of the sale; lines that make no sense are kept and end as dead letters.",
            "hybrid import online-retail DIR --from 2010-12-01 --to 2010-12-07 --out week")
        {
            source, from, to, period, layout, format, compression, output,
        };
        verb.SetAction(async (parsed, cancellationToken) =>
        {
            var directory = parsed.GetValue(output)!;
            var options = new ImportOptions
            {
                InputDirectory = parsed.GetValue(source)!,
                From = Day(parsed.GetValue(from)),
                To = Day(parsed.GetValue(to)),
                Layout = parsed.GetValue(layout)!,
                Format = parsed.GetValue(format),
                Compression = parsed.GetValue(compression),
            };
            var importer = new OnlineRetailImporter(options with { Period = parsed.GetValue(period) ?? options.Period });
            var manifest = await LoadConsole.RunAsync("days", progress => importer.ImportAsync(directory, progress, cancellationToken));
            Console.WriteLine($"{directory}: {ManifestLine.Of(manifest)}");
            return ExitCodes.Done;
        });
        return verb;
    }

    private static DateOnly? Day(DateTimeOffset? instant) => instant is { } day ? DateOnly.FromDateTime(day.UtcDateTime) : null;
}
