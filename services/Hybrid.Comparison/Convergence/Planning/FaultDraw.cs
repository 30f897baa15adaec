using System.Globalization;
using System.Text.Json.Nodes;

namespace Hybrid.Comparison.Convergence.Planning;

/// <summary>Draws what the sandbox does to its callers. Every fault is one that a service has to outlive, and is over by itself.</summary>
internal sealed class FaultDraw(Draw draw)
{
    private const int ShortestMilliseconds = 80;
    private const int LongestMilliseconds = 700;

    /// <summary>Any fault.</summary>
    public JsonObject Any() => draw.Between(0, 9) switch
    {
        < 4 => Solr(null),
        < 7 => Kafka(),
        < 9 => Store(),
        _ => Registry(),
    };

    /// <summary>Leaves a lane's updates unanswered, carried out or not, until it is cleared.</summary>
    public JsonObject HoldLane(string collection) => Seeded(draw.Between(0, 4) switch
    {
        0 or 1 => Fault("solr", "update", collection, "drop", true),
        2 => Fault("solr", "update", collection, "drop", true, ("when", "after")),
        3 => Fault("solr", "update", collection, "error", "503", ("retryAfter", "0s")),
        _ => Fault("solr", "update", collection, "latency", "2s"),
    });

    /// <summary>Holds a publisher up where it sends or commits, until it is cleared.</summary>
    public JsonObject HoldPublisher() => Seeded(Fault("kafka", draw.Pick("EndTxn", "EndTxn", "Produce"), null, "latency", "2s", ("when", draw.Pick("before", "after"))));

    /// <summary>A fault of Solr.</summary>
    /// <param name="collection">The collection; null for all.</param>
    public JsonObject Solr(string? collection) => Lasting(draw.Between(0, 9) switch
    {
        0 or 1 => Often(Fault("solr", "update", collection, "error", "503", ("retryAfter", "0s"))),
        2 => Often(Fault("solr", "update", collection, "error", draw.Pick("500", "429", "502"), ("retryAfter", "0s"))),
        3 => Often(Fault("solr", "update", collection, "drop", true)),
        4 or 5 => Often(Fault("solr", "update", collection, "drop", true, ("when", "after"))),
        6 => Fault("solr", "update", collection, "latency", "10ms..250ms"),
        7 => Fault("solr", "update", collection, "stall", $"{draw.Between(100, 600)}ms"),
        8 => Fault("solr", null, null, "down", true),
        _ => Fault("solr", null, null, "diskFull", draw.Pick("0", "2KB")),
    });

    private JsonObject Kafka() => Lasting(draw.Between(0, 11) switch
    {
        0 => Often(Fault("kafka", "Produce", null, "error", "NOT_LEADER_OR_FOLLOWER")),
        1 => Often(Fault("kafka", "Produce", null, "drop", true, ("when", "after"))),
        2 => Often(Fault("kafka", "Fetch", null, "drop", true)),
        3 => Often(Fault("kafka", "Fetch", null, "error", "NOT_LEADER_OR_FOLLOWER")),
        4 => Often(Fault("kafka", "OffsetCommit", null, "error", draw.Pick("COORDINATOR_LOAD_IN_PROGRESS", "NOT_COORDINATOR"))),
        5 => Often(Fault("kafka", "OffsetCommit", null, "drop", true, ("when", "after"))),
        6 => Often(Fault("kafka", "EndTxn", null, "drop", true, ("when", draw.Pick("before", "after")))),
        7 => Often(Fault("kafka", "Heartbeat", null, "drop", true)),
        8 => Often(Fault("kafka", draw.Pick("JoinGroup", "SyncGroup"), null, "drop", true, ("when", "after"))),
        9 => Fault("kafka", draw.Pick("Fetch", "Produce", "EndTxn"), null, "latency", "5ms..150ms"),
        10 => Fault("kafka", null, null, "down", true),
        _ => Fault("kafka", null, null, "diskFull", draw.Pick("0", "4KB")),
    });

    private JsonObject Store() => draw.Between(0, 6) switch
    {
        0 => Lasting(Often(Fault("s3", null, null, "error", "SlowDown", ("retryAfter", "0s")))),
        1 => Lasting(Often(Fault("s3", draw.Pick("GetObject", "ListObjectsV2"), null, "error", "InternalError"))),
        2 => Lasting(Often(Fault("s3", draw.Pick("GetObject", "PutObject"), null, "drop", true, ("when", draw.Pick("before", "after"))))),
        3 => Lasting(Fault("s3", null, null, "down", true)),
        4 => Lasting(Often(Fault("s3", "ListObjectsV2", null, "vanish", "60ms"))),
        _ => Seeded(Fault("s3", null, null, "listingLag", "50ms..700ms")),
    };

    private JsonObject Registry() => Lasting(draw.Chance(0.5) ? Fault("registry", null, null, "down", true) : Often(Fault("registry", null, null, "drop", true)));

    private JsonObject Often(JsonObject fault)
    {
        fault["rate"] = draw.Pick(0.15, 0.4, 0.8);
        return fault;
    }

    private JsonObject Lasting(JsonObject fault)
    {
        fault["for"] = $"{draw.Between(ShortestMilliseconds, LongestMilliseconds)}ms";
        return Seeded(fault);
    }

    private JsonObject Seeded(JsonObject fault)
    {
        fault["seed"] = draw.Between(1, 1_000_000);
        return fault;
    }

    private static JsonObject Fault(string service, string? operation, string? target, string effect, JsonNode value, params ReadOnlySpan<(string Name, string Value)> more)
    {
        var fault = new JsonObject { ["service"] = service, [effect] = value };
        if (operation is not null)
        {
            fault["operation"] = operation;
        }

        if (target is not null)
        {
            fault["target"] = string.Create(CultureInfo.InvariantCulture, $"{target}");
        }

        foreach (var (name, text) in more)
        {
            fault[name] = text;
        }

        return fault;
    }
}
