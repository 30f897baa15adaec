using System.Text;

namespace Hybrid.Comparison.Reporting.Html;

/// <summary>What the figures mean, once, in the page itself; every column links here.</summary>
internal static class Definitions
{
    public const string Freshness = "freshness";
    public const string Percentile = "percentile";
    public const string Spread = "spread";
    public const string Stage = "stage";
    public const string CoreSeconds = "core-seconds";
    public const string Memory = "memory";
    public const string Index = "index";
    public const string Load = "load";
    public const string Sustainable = "sustainable";
    public const string LagGrowth = "lag growth";
    public const string Front = "front";
    public const string Staleness = "staleness";
    public const string Detection = "detection";
    public const string Downtime = "downtime";
    public const string CatchUp = "catch-up";
    public const string Replayed = "replayed";
    public const string Skipped = "skipped";
    public const string Lost = "lost";
    public const string Rest = "at rest";
    public const string Money = "money";
    public const string Requests = "requests";
    public const string Commits = "commits";
    public const string Order = "order";
    public const string Throughput = "throughput";
    public const string Noise = "noise";

    private static readonly (string Term, string Meaning)[] s_all =
    [
        (Freshness, "How long after its partition was due to close a record is found by a search from outside. It counts from the schedule, not from the arrival, so a late generator or publisher flatters nobody."),
        (Percentile, "p50: half of the samples are fresher; p95: 19 of 20; p99: 99 of 100. The samples are canary records in every partition, the warm-up left out. Percentiles are never averaged over samples: runs are merged, or the runs' own percentiles are set side by side."),
        (Spread, "The interval that the mean lies in with 95 % confidence (Student's t over the repetitions). One run has none, and nothing is concluded from a difference that lies within it."),
        (Stage, "A record's way: landed in the object store, discovered by the publisher, published to Kafka, consumed by the lane, posted to Solr, acknowledged by it, searchable from outside. All count from due."),
        (CoreSeconds, "Processor time of the lane's own process, one core busy for a second; per million records of the input. Its start-up is left out. The publisher's is apart, since lanes share it."),
        (Memory, "The highest resident memory of the lane's process."),
        (Index, "Whether every document of the lane's collection is as the truth has it. The truth is computed from the input alone, by other code. Missing: not in the index; stale: there but old; extra: there but not in the truth."),
        (Load, "Records offered per second."),
        (Sustainable, "The highest load at which lag did not grow, found by steps up and then by halving the interval."),
        (LagGrowth, "The trend of records due and not yet searchable, as a share of the load: 1 % means that of a hundred records one more was left behind."),
        (Front, "The points for which nothing else measured was both fresher (p99) and cheaper."),
        (Staleness, "How old what the index shows is: the age of the oldest record that was due and could not be found yet. Its peak is the worst a reader met."),
        (Detection, "From the signal until the process was seen to be gone."),
        (Downtime, "From the signal until the new process was running."),
        (CatchUp, "From the signal (of a fault: from its end) until freshness was back in its steady band."),
        (Replayed, "Records consumed a second time. They change nothing in the index, since older versions are refused there."),
        (Skipped, "Records that a restart with the policy 'latest' passed over; in a topic they are counted by offsets, in which the marks of transactions are, too."),
        (Lost, "Documents that were missing or stale in the index in the end."),
        (Rest, "What is used while nothing comes, per hour."),
        (Money, "Measured quantities times the prices of pricing.json, scaled to a load. What is always on is paid whether something comes or not. Solr's indexing is what the prices assume of it, since its processor time is not the lane's."),
        (Throughput, "Records that the lane took, what it took twice too; per second from the first due time until the last canary was seen."),
        (Requests, "Requests, documents and bytes over the whole run, the services' own counts."),
        (Commits, "How often Solr made updates searchable in the lane's collection."),
        (Order, "Canaries seen only after one of a later partition was, and documents that went back to an older version before a reader's eyes."),
        (Noise, "What makes a run doubtful: how late the generator's puts and the observer's polls were, and the share of the machine that others took. A run beyond its limits is discarded and says so."),
    ];

    public static string Render()
    {
        var list = new StringBuilder(Html.Heading("definitions", "What the figures mean")).Append("<dl class=\"terms\">");
        foreach (var (term, meaning) in s_all)
        {
            list.Append(Html.Invariant($"<dt id=\"{Anchors.Definition(term)}\">{Html.Text(term)}</dt><dd>{Html.Text(meaning)}</dd>"));
        }

        return list.Append("</dl>\n").ToString();
    }
}
