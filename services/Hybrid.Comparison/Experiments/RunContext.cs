using System.Globalization;
using System.Text.Json.Nodes;
using Hybrid.Comparison.Load.Input;
using Hybrid.Comparison.Progress;
using Hybrid.Comparison.Stack;
using Hybrid.Contracts.Reports;

namespace Hybrid.Comparison.Experiments;

/// <summary>What all lanes' runs of one comparison share.</summary>
/// <param name="Options">What was asked for.</param>
/// <param name="Input">Where the objects are.</param>
/// <param name="Scanned">What is in them.</param>
/// <param name="InputInfo">The same for the report.</param>
/// <param name="Stack">What the lanes run on.</param>
/// <param name="Directory">The working directory.</param>
/// <param name="RunId">Tells this comparison's names from others' on the same stack.</param>
/// <param name="StartUp">How long services take to start here.</param>
/// <param name="Progress">Is told how it goes.</param>
internal sealed record RunContext(
    CompareOptions Options,
    IPartitionInput Input,
    ScannedInput Scanned,
    InputInfo InputInfo,
    RunStack Stack,
    string Directory,
    string RunId,
    StartUpAllowance StartUp,
    IComparisonProgress Progress)
{
    /// <summary>The end of the first partition after the warm-up, event time.</summary>
    public DateTimeOffset MeasuredFrom => Scanned.First.End + (Scanned.Layout.Period * Options.WarmUpPartitions);

    /// <summary>Records of the partitions that come after the warm-up.</summary>
    public long RecordsAfterWarmUp =>
        Scanned.Partitions.Where(partition => partition.Id.End >= MeasuredFrom).SelectMany(partition => partition.Objects).Sum(entry => entry.Records);

    /// <summary>The fault of a lane's run, on that lane's collection alone where it is one of Solr.</summary>
    /// <param name="lane">The lane.</param>
    public FaultCase? FaultOf(string lane)
    {
        if (Options.Fault is not { Fault: { } request } fault || (string?)request["service"] != "solr")
        {
            return Options.Fault;
        }

        var narrowed = (JsonObject)request.DeepClone();
        narrowed["target"] = NameOf(lane);
        return fault with { Fault = narrowed };
    }

    /// <summary>The name of a lane's collection, and what its topics' names and its objects' keys begin with.</summary>
    public string NameOf(string lane) => $"compare-{RunId}-{lane}";

    /// <summary>The options of a lane's services; those given by the user win, the namespace and the clock do not yield. A lane has a
    /// name in its group, so that a killed one that comes back need not wait until the group notices, and its state goes with the run.</summary>
    /// <param name="lane">The lane.</param>
    /// <param name="clock">The clock's options.</param>
    public Dictionary<string, string?> SettingsFor(string lane, IEnumerable<KeyValuePair<string, string?>> clock)
    {
        var settings = Options.ServiceSettings();
        settings.TryAdd("Lane:Instance", lane);
        settings.TryAdd("Streamiz:StateDirectory", Path.Combine(Directory, lane, "state"));
        Put(Stack.Settings);
        Put(clock);
        Put(
        [
            new("Kafka:TopicPrefix", NameOf(lane) + "."),
            new("ObjectStore:Prefix", NameOf(lane) + "/"),
            new("Solr:Collection", NameOf(lane)),
            new("Source:Layout", Scanned.Layout.Template),
            new("Source:Period", Scanned.Layout.Period.ToString("c")),
            new("Publisher:From", Scanned.First.Start.ToString("O", CultureInfo.InvariantCulture)),
            new("Publisher:Until", Scanned.Last.End.ToString("O", CultureInfo.InvariantCulture)),
            new("Objects:From", Scanned.First.Start.ToString("O", CultureInfo.InvariantCulture)),
            new("Objects:Until", Scanned.Last.End.ToString("O", CultureInfo.InvariantCulture)),
            new("Health:Port", "0"),
        ]);
        return settings;

        void Put(IEnumerable<KeyValuePair<string, string?>> more)
        {
            foreach (var (key, value) in more)
            {
                settings[key] = value;
            }
        }
    }
}
