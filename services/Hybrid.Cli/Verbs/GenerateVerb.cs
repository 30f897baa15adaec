using System.CommandLine;
using System.Globalization;
using Hybrid.Cli.CommandLine;
using Hybrid.Comparison.Load.Generate;
using Hybrid.Pipeline.Hosting;

namespace Hybrid.Cli.Verbs;

/// <summary><c>hybrid generate</c>: seeded synthetic partitions.</summary>
internal static class GenerateVerb
{
    public static Command Create()
    {
        var standard = new GeneratorOptions();
        var output = new Option<string>("--out") { Description = "Where the partitions go: a new or empty directory, or one that this verb made.", HelpName = "DIR", Required = true };
        var seed = Setting("--seed", "The seed; the same options give the same bytes.", standard.Seed);
        var partitions = Setting("--partitions", "Partitions.", standard.Partitions);
        var start = Dates.Option("--start", $"The first partition's start. Default: {standard.Start.ToString("yyyy-MM-dd'T'HH:mm'Z'", CultureInfo.InvariantCulture)}.");
        var period = Durations.Option("--period", "The partitions' length. Default: 5m.");
        var layout = Setting("--layout", "How partitions are named.", standard.Layout);
        var records = Setting("--records", "Lines in a partition: the rate.", standard.RecordsPerPartition);
        var documents = Setting("--documents", "Distinct documents.", standard.Documents);
        var zipf = Setting("--zipf", "The exponent of the Zipf distribution that documents are drawn from; 0 draws them evenly.", standard.ZipfExponent);
        var burstEvery = Setting("--burst-every", "Every so many partitions one is a burst; 0 for none.", standard.BurstEvery);
        var burstFactor = Setting("--burst-factor", "How many times the lines of another partition a burst has.", standard.BurstFactor);
        var late = Setting("--late", "The share of partitions with an object that lands late, 0 to 1.", standard.LateShare);
        var malformed = Setting("--malformed", "The share of lines that are no delta, 0 to 1.", standard.MalformedShare);
        var deletes = Setting("--deletes", "The share of lines that are deletes, 0 to 1.", standard.DeleteShare);
        var signals = Setting("--signals", "The share of lines that are signals, 0 to 1.", standard.SignalShare);
        var canaries = Setting("--canaries", "Canaries in a partition, which the observer watches.", standard.CanariesPerPartition);
        var objects = Setting("--objects", "Objects in a partition.", standard.ObjectsPerPartition);
        var format = FormatOptions.Format();
        var compression = FormatOptions.Compression();
        var verb = new VerbCommand(
            "generate",
            "Makes synthetic partitions from a seed: skewed keys, bursts, late objects, malformed lines, deletes, canaries.",
            "hybrid generate --out load --partitions 60 --records 2000",
            "hybrid generate --out rough --seed 7 --burst-every 10 --burst-factor 20 --late 0.2 --malformed 0.001",
            "hybrid generate --out csv --format csv --compression zstd")
        {
            output, seed, partitions, start, period, layout, records, documents, zipf, burstEvery, burstFactor, late, malformed, deletes, signals, canaries, objects, format, compression,
        };
        verb.SetAction(async (parsed, cancellationToken) =>
        {
            var directory = parsed.GetValue(output)!;
            var generator = new PartitionGenerator(standard with
            {
                Seed = parsed.GetValue(seed),
                Partitions = parsed.GetValue(partitions),
                Start = parsed.GetValue(start) ?? standard.Start,
                Period = parsed.GetValue(period) ?? standard.Period,
                Layout = parsed.GetValue(layout)!,
                RecordsPerPartition = parsed.GetValue(records),
                Documents = parsed.GetValue(documents),
                ZipfExponent = parsed.GetValue(zipf),
                BurstEvery = parsed.GetValue(burstEvery),
                BurstFactor = parsed.GetValue(burstFactor),
                LateShare = parsed.GetValue(late),
                MalformedShare = parsed.GetValue(malformed),
                DeleteShare = parsed.GetValue(deletes),
                SignalShare = parsed.GetValue(signals),
                CanariesPerPartition = parsed.GetValue(canaries),
                ObjectsPerPartition = parsed.GetValue(objects),
                Format = parsed.GetValue(format),
                Compression = parsed.GetValue(compression),
            });
            var manifest = await LoadConsole.RunAsync("partitions", progress => Task.Run(() => generator.Generate(directory, progress, cancellationToken), cancellationToken));
            Console.WriteLine($"{directory}: {ManifestLine.Of(manifest)}");
            return ExitCodes.Done;
        });
        return verb;
    }

    private static Option<T> Setting<T>(string name, string description, T standard) => new(name) { Description = description, DefaultValueFactory = _ => standard };
}
