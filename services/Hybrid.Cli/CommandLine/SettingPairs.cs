using Hybrid.Pipeline.Avro;
using Hybrid.Pipeline.Hosting;
using Hybrid.Pipeline.Kafka;
using Hybrid.Pipeline.Lanes;
using Hybrid.Pipeline.Measurement;
using Hybrid.Pipeline.ObjectStore;
using Hybrid.Pipeline.Solr;
using Hybrid.Pipeline.Windows;
using Hybrid.Publisher;

namespace Hybrid.Cli.CommandLine;

/// <summary>The values of <c>--set Key=Value</c>.</summary>
internal static class SettingPairs
{
    /// <summary>Where keys are. One that nobody reads would be set without effect, and nobody would know.</summary>
    private static readonly string[] s_sections =
    [
        AvroOptions.Section, "Batch", ClockOptions.Section, HealthOptions.Section, KafkaOptions.Section, LaneOptions.Section,
        "Logging", MeasurementOptions.Section, ObjectLaneOptions.Section, ObjectStoreOptions.Section, PublisherOptions.Section, SolrOptions.Section,
        SourceOptions.Section, StreamizOptions.Section, WindowOptions.Section,
    ];

    /// <exception cref="HybridException">One is not of the form key=value, or its key is in no section.</exception>
    public static IEnumerable<KeyValuePair<string, string>> Parse(IEnumerable<string> settings)
    {
        foreach (var setting in settings)
        {
            var equals = setting.IndexOf('=', StringComparison.Ordinal);
            if (equals < 1)
            {
                throw HybridException.WrongCall($"--set {setting}: write it as Key=Value, such as --set Lane:Interval=00:00:00.500");
            }

            var section = setting[..equals].Split(':')[0];
            if (!s_sections.Contains(section, StringComparer.OrdinalIgnoreCase))
            {
                throw HybridException.WrongCall($"--set {setting}: there is no section '{section}': give a key of {string.Join(", ", s_sections)}");
            }

            yield return new(setting[..equals], setting[(equals + 1)..]);
        }
    }
}
