using System.Text.Json.Nodes;

namespace Hybrid.Comparison.Experiments.Plans;

/// <summary>The faults that are measured.</summary>
internal static class FaultCases
{
    /// <summary>Their names, in the order of the report.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        "solr-slow", "solr-stalled", "solr-refusing", "broker-restart", "listing-lag", "hidden-markers", "poison", "burst", "hot-key",
    ];

    /// <summary>A fault by its name.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="length">How long one that does not last throughout lasts.</param>
    public static FaultCase Of(string name, TimeSpan length)
    {
        var time = Times.Format(length);
        return name switch
        {
            "solr-slow" => new(name, $"each of Solr's updates takes 300 ms longer for {time}")
            {
                Fault = new JsonObject { ["service"] = "solr", ["operation"] = "update", ["latency"] = "300ms" },
                Length = length,
            },
            "solr-stalled" => new(name, $"Solr answers nothing for {time}")
            {
                Fault = new JsonObject { ["service"] = "solr", ["stall"] = time },
                Length = length,
            },
            "solr-refusing" => new(name, $"Solr refuses every update with 503 for {time}")
            {
                Fault = new JsonObject { ["service"] = "solr", ["operation"] = "update", ["error"] = "503", ["retryAfter"] = "200ms" },
                Length = length,
            },
            "broker-restart" => new(name, $"the broker is away for {time} and comes back with its data")
            {
                Fault = new JsonObject { ["service"] = "kafka", ["down"] = true },
                Length = length,
            },
            "listing-lag" => new(name, "what is put shows in listings 200 ms to 1 s later")
            {
                Fault = new JsonObject { ["service"] = "s3", ["operation"] = "ListObjectsV2", ["listingLag"] = "200ms..1s", ["seed"] = 7 },
                Throughout = true,
            },
            "hidden-markers" => new(name, "partitions end with a marker object, and each marker shows in listings 200 ms later on the average")
            {
                Fault = new JsonObject
                {
                    ["service"] = "s3", ["target"] = "*_SUCCESS", ["listingLag"] = "exponential:200ms", ["seed"] = 7,
                },
                Throughout = true,
                Input = InputVariant.Markers,
                Settings = new Dictionary<string, string> { ["Publisher:Mode"] = "Marker", ["Objects:Mode"] = "Marker" },
            },
            "poison" => new(name, "one line in fifty is no delta") { Input = InputVariant.Poison },
            "burst" => new(name, "one partition in the middle has twenty times the lines of the others") { Input = InputVariant.Burst },
            "hot-key" => new(name, "most deltas are of one document") { Input = InputVariant.HotKey },
            _ => throw new ArgumentOutOfRangeException(nameof(name), name, null),
        };
    }
}
