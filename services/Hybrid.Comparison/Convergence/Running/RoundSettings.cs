using System.Globalization;
using Hybrid.Comparison.Convergence.Planning;
using Hybrid.Contracts.Lanes;
using Hybrid.Contracts.Stack;
using Hybrid.Pipeline.Windows;

namespace Hybrid.Comparison.Convergence.Running;

/// <summary>The options of a round's services: the plan's, and where the round's names and its clock are.</summary>
internal sealed class RoundSettings
{
    /// <summary>The source's name.</summary>
    public const string Source = "catalog";

    private const string Bucket = "rounds";
    private const string AnyKey = "any";

    private readonly Dictionary<string, string?> _shared;
    private readonly string _name;

    public RoundSettings(ConvergencePlan plan, int number, StackEndpoints endpoints, DateTimeOffset start)
    {
        _name = string.Create(CultureInfo.InvariantCulture, $"round-{number}-seed-{plan.Seed}");
        _shared = new Dictionary<string, string?>(plan.Settings)
        {
            ["Kafka:BootstrapServers"] = endpoints.KafkaBootstrapServers,
            ["Kafka:TopicPrefix"] = _name + ".",
            ["Avro:RegistryUrl"] = endpoints.RegistryUrl,
            ["ObjectStore:ServiceUrl"] = endpoints.S3Url,
            ["ObjectStore:AccessKey"] = endpoints.AccessKey ?? AnyKey,
            ["ObjectStore:SecretKey"] = endpoints.SecretKey ?? AnyKey,
            ["ObjectStore:Bucket"] = Bucket,
            ["ObjectStore:Prefix"] = _name + "/",
            ["Solr:Url"] = endpoints.SolrUrl,
            ["Source:Name"] = Source,
            ["Clock:Origin"] = SettingsDraw.Text(plan.Input.First.Start),
            ["Clock:Start"] = SettingsDraw.Text(start),
            ["Clock:Speed"] = (plan.Input.First.Period / plan.Input.Pace).ToString("R", CultureInfo.InvariantCulture),
        };
        Window = WindowOf(plan.Settings);
        KafkaPartitions = int.Parse(plan.Settings["Kafka:Partitions"]!, CultureInfo.InvariantCulture);
    }

    /// <summary>The window that signals are counted over.</summary>
    public WindowOptions Window { get; }

    /// <summary>Partitions of the topic of deltas.</summary>
    public int KafkaPartitions { get; }

    /// <summary>The window that a plan's options say.</summary>
    public static WindowOptions WindowOf(IReadOnlyDictionary<string, string?> settings) => new()
    {
        Length = TimeSpan.Parse(settings["Window:Length"]!, CultureInfo.InvariantCulture),
        Hop = TimeSpan.Parse(settings["Window:Hop"]!, CultureInfo.InvariantCulture),
    };

    /// <summary>A lane's collection.</summary>
    public string Collection(string lane) => $"{_name}-{lane}";

    /// <summary>The options of a service.</summary>
    /// <param name="service">The service.</param>
    /// <param name="directory">Where it may keep local state.</param>
    public IReadOnlyDictionary<string, string?> Of(PlannedService service, string directory)
    {
        var settings = new Dictionary<string, string?>(_shared);
        foreach (var (key, value) in service.Settings)
        {
            settings[key] = value;
        }

        if (service.Lane is { } lane)
        {
            settings["Solr:Collection"] = Collection(lane);
        }

        if (service.Lane == LaneNames.Streamiz)
        {
            settings["Streamiz:StateDirectory"] = Path.Combine(directory, service.Name);
        }

        return settings;
    }

    /// <summary>The options of whoever looks at a lane's index.</summary>
    public IReadOnlyDictionary<string, string?> OfReader(string lane) => new Dictionary<string, string?>(_shared) { ["Solr:Collection"] = Collection(lane) };
}
