using Hybrid.Pipeline.Hosting;

namespace Hybrid.Comparison.Processes;

/// <summary>Options of child processes: keys such as <c>Kafka:BootstrapServers</c>, handed on as environment variables.</summary>
internal static class Settings
{
    /// <summary>The environment variable of an option.</summary>
    public static string Variable(string key) => HybridConfiguration.EnvironmentPrefix + key.Replace(":", "__", StringComparison.Ordinal);

    /// <summary>The environment variables of options.</summary>
    public static Dictionary<string, string> Variables(IEnumerable<KeyValuePair<string, string?>> settings) =>
        settings.Where(setting => setting.Value is not null).ToDictionary(setting => Variable(setting.Key), setting => setting.Value!);
}
