using System.Globalization;
using System.Text.RegularExpressions;
using Hybrid.Unit.Tests.Repository;
using YamlDotNet.Core;
using YamlDotNet.Serialization;

namespace Hybrid.Unit.Tests.Compose;

/// <summary><c>compose/compose.yaml</c> as compose sees it without a <c>.env</c>: anchors merged, variables at their defaults.</summary>
internal sealed partial class ComposeFile
{
    private readonly Dictionary<string, string> _defaults = new(StringComparer.Ordinal);

    private ComposeFile(IReadOnlyDictionary<object, object?> root)
    {
        Services = Map(root["services"]).ToDictionary(pair => (string)pair.Key, pair => new ComposeService((string)pair.Key, Map(pair.Value)));
        Volumes = Map(root["volumes"]).Keys.Cast<string>().ToHashSet();
        Configs = Map(root["configs"]).Keys.Cast<string>().ToHashSet();
    }

    public IReadOnlyDictionary<string, ComposeService> Services { get; }

    public IReadOnlySet<string> Volumes { get; }

    public IReadOnlySet<string> Configs { get; }

    /// <summary>The variables that the file takes from <c>.env</c>, with their defaults.</summary>
    public IReadOnlyDictionary<string, string> Variables => _defaults;

    public static string Folder => RepositoryRoot.File("compose");

    public static ComposeFile Read()
    {
        var text = File.ReadAllText(Path.Combine(Folder, "compose.yaml"));
        var defaults = new Dictionary<string, string>(StringComparer.Ordinal);
        var interpolated = Variable().Replace(text, match =>
        {
            if (match.Value == "$$")
            {
                return "$";
            }

            var (name, value) = (match.Groups["name"].Value, match.Groups["default"].Value);
            Assert.True(defaults.TryAdd(name, value) || defaults[name] == value, $"{name} has two defaults: '{defaults[name]}' and '{value}'");
            return value;
        });
        var root = new DeserializerBuilder().Build().Deserialize<Dictionary<object, object?>>(new MergingParser(new Parser(new StringReader(interpolated))));
        var file = new ComposeFile(root);
        foreach (var (name, value) in defaults)
        {
            file._defaults.Add(name, value);
        }

        return file;
    }

    public static IReadOnlyDictionary<object, object?> Map(object? node) => (Dictionary<object, object?>)(node ?? new Dictionary<object, object?>());

    public static IReadOnlyList<string> Strings(object? node) => node switch
    {
        null => [],
        string text => [text],
        _ => [.. ((List<object?>)node).Select(item => Convert.ToString(item, CultureInfo.InvariantCulture)!)],
    };

    [GeneratedRegex(@"\$\$|\$\{(?<name>[A-Z0-9_]+):-(?<default>[^}]*)\}")]
    private static partial Regex Variable();
}

/// <summary>One service of the file.</summary>
internal sealed class ComposeService(string name, IReadOnlyDictionary<object, object?> node)
{
    public string Name { get; } = name;

    public string Image { get; } = (string)node["image"]!;

    public bool IsOurs => node.ContainsKey("build");

    public bool HasHealthCheck => node.ContainsKey("healthcheck");

    public string? MemoryLimit { get; } = (string?)node.GetValueOrDefault("mem_limit");

    public string? StopGracePeriod { get; } = (string?)node.GetValueOrDefault("stop_grace_period");

    public IReadOnlyList<string> Command { get; } = ComposeFile.Strings(node.GetValueOrDefault("command"));

    public IReadOnlyList<string> Ports { get; } = ComposeFile.Strings(node.GetValueOrDefault("ports"));

    public IReadOnlyList<string> Volumes { get; } = ComposeFile.Strings(node.GetValueOrDefault("volumes"));

    public IReadOnlyList<string> HealthCheck { get; } = ComposeFile.Strings(ComposeFile.Map(node.GetValueOrDefault("healthcheck")).GetValueOrDefault("test"));

    public IReadOnlyDictionary<string, string> Environment { get; } = ComposeFile.Map(node.GetValueOrDefault("environment"))
        .ToDictionary(pair => (string)pair.Key, pair => Convert.ToString(pair.Value, CultureInfo.InvariantCulture) ?? "");

    /// <summary>The services it waits for, with the condition.</summary>
    public IReadOnlyDictionary<string, string> DependsOn { get; } = ComposeFile.Map(node.GetValueOrDefault("depends_on"))
        .ToDictionary(pair => (string)pair.Key, pair => (string)ComposeFile.Map(pair.Value)["condition"]!);

    public IReadOnlyList<string> ConfigSources { get; } = node.GetValueOrDefault("configs") is List<object?> configs
        ? [.. configs.Select(config => (string)ComposeFile.Map(config)["source"]!)]
        : [];

    /// <summary>The ports it listens on inside the network: those that its own settings name, else its image's.</summary>
    public IReadOnlySet<int> ListeningPorts()
    {
        if (IsOurs)
        {
            return Environment.TryGetValue("HYBRID__HEALTH__PORT", out var health) ? Set(health) : new HashSet<int>();
        }

        return Image.Split(':')[0] switch
        {
            "apache/kafka" => Listeners(Environment["KAFKA_LISTENERS"]).Values.Select(listener => listener.Port).ToHashSet(),
            "confluentinc/cp-schema-registry" => Listeners(Environment["SCHEMA_REGISTRY_LISTENERS"]).Values.Select(listener => listener.Port).ToHashSet(),
            "chrislusf/seaweedfs" => Command.Where(word => word.Contains("port=", StringComparison.Ordinal))
                .Select(word => int.Parse(word.Split('=')[1], CultureInfo.InvariantCulture)).ToHashSet(),
            "solr" => Set("8983"),
            "prom/prometheus" => Set("9090"),
            "grafana/grafana" => Set("3000"),
            _ => throw new NotSupportedException($"{Name}: say here which port {Image} listens on"),
        };

        static HashSet<int> Set(string port) => [int.Parse(port, CultureInfo.InvariantCulture)];
    }

    /// <summary>Reads <c>NAME://host:port,…</c>.</summary>
    public static IReadOnlyDictionary<string, (string Host, int Port)> Listeners(string value) => value.Split(',')
        .Select(listener => listener.Split("://"))
        .ToDictionary(parts => parts[0], parts => (parts[1].Split(':')[0], int.Parse(parts[1].Split(':')[1], CultureInfo.InvariantCulture)));
}
