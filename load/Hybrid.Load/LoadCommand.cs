using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Hybrid.Pipeline.Hosting;
using Microsoft.Extensions.Configuration;

namespace Hybrid.Load;

/// <summary>The command line of the load test.</summary>
internal static class LoadCommand
{
    public static RootCommand Create()
    {
        var s3 = Text("--s3", "URL", "The S3 endpoint.", "http://127.0.0.1:9000");
        var bucket = Text("--bucket", "NAME", "The bucket.", "hybrid");
        var prefix = Text("--prefix", "PREFIX", "The source's root within the bucket.", "");
        var layout = Text("--layout", "TEMPLATE", "The layout of partitions, as the publisher has it.", "dt={yyyy-MM-dd}/hh={HH}/mm={mm}/ss={ss}/");
        var period = Number("--period", "SECONDS", "The partitions' length, as the publisher has it.", 1);
        var solr = Text("--solr", "URL", "Solr's base address.", "http://127.0.0.1:8983/solr");
        var collection = Text("--collection", "NAME", "The collection of the lane to be judged.", "micro-batch");
        var rate = Number("--rate", "OBJECTS", "Objects a second, whether or not the earlier ones are searchable yet.", 5);
        var records = Number("--records", "LINES", "Lines in an object, the canary not counted.", 1_000);
        var during = Number("--during", "SECONDS", "How long.", 30);
        var timeout = Number("--timeout", "SECONDS", "A canary that is not searchable so long after its partition was due has failed.", 60);
        var seed = Number("--seed", "N", "Of the documents.", 1);
        var output = Text("--out", "DIR", "Where NBomber's reports go.", "load-report");
        var command = new RootCommand(
            "Pushes objects into the object store at a steady rate (NBomber's open model: inject) and records how fresh a lane keeps its "
            + "collection: from the time an object's partition was due to close until the canary in it is searchable. A publisher (its "
            + "Source:Period and Source:Layout as here) and a lane must be running. Exit 0 all canaries seen, 1 some were not, 2 the call was "
            + "wrong, 3 a service could not be reached. Example: --rate 10 --during 60 --collection streaming")
        {
            s3, bucket, prefix, layout, period, solr, collection, rate, records, during, timeout, seed, output,
        };
        command.SetAction((parsed, cancellationToken) =>
        {
            var load = new LoadSettings
            {
                Layout = parsed.GetValue(layout)!,
                Period = TimeSpan.FromSeconds(parsed.GetValue(period)),
                Collection = parsed.GetValue(collection)!,
                Rate = parsed.GetValue(rate),
                Records = parsed.GetValue(records),
                During = TimeSpan.FromSeconds(parsed.GetValue(during)),
                Timeout = TimeSpan.FromSeconds(parsed.GetValue(timeout)),
                Seed = parsed.GetValue(seed),
                Output = parsed.GetValue(output)!,
            };
            var configuration = HybridConfiguration.Build(
            [
                new("ObjectStore:ServiceUrl", parsed.GetValue(s3)),
                new("ObjectStore:Bucket", parsed.GetValue(bucket)),
                new("ObjectStore:Prefix", parsed.GetValue(prefix)),
                new("Solr:Url", parsed.GetValue(solr)),
            ]);
            return LoadRun.RunAsync(load, configuration, cancellationToken);
        });
        return command;
    }

    private static Option<string> Text(string name, string helpName, string description, string value) => new(name)
    {
        Description = description,
        HelpName = helpName,
        DefaultValueFactory = _ => value,
    };

    private static Option<int> Number(string name, string helpName, string description, int value)
    {
        var option = new Option<int>(name) { Description = description, HelpName = helpName, DefaultValueFactory = _ => value };
        option.Validators.Add(result => RequirePositive(result, name));
        return option;
    }

    private static void RequirePositive(OptionResult result, string name)
    {
        if (result.Tokens is [var token] && (!int.TryParse(token.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number < 1))
        {
            result.AddError($"{name} {token.Value}: give a whole number from 1 on.");
        }
    }
}
