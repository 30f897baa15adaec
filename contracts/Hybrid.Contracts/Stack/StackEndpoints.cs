using System.Text.Json;
using System.Text.Json.Serialization;

namespace Hybrid.Contracts.Stack;

/// <summary>Where the parts of a stack listen. The sandbox writes it to <see cref="FileName"/> in its data directory once all of them answer.</summary>
public sealed record StackEndpoints
{
    /// <summary>The file's name in the data directory of a sandbox; written whole, in one rename.</summary>
    public const string FileName = "endpoints.json";

    /// <summary>The process that serves them; null when they are not one process's.</summary>
    public int? ProcessId { get; init; }

    /// <summary>Kafka's brokers, <c>host:port</c>, comma-separated; null when this stack has none.</summary>
    public string? KafkaBootstrapServers { get; init; }

    /// <summary>The schema registry's address, such as <c>http://127.0.0.1:8081</c>; null when this stack has none.</summary>
    public string? RegistryUrl { get; init; }

    /// <summary>The S3 endpoint, such as <c>http://127.0.0.1:9000</c>; null when this stack has none.</summary>
    public string? S3Url { get; init; }

    /// <summary>The S3 access key; null for the client's own chain.</summary>
    public string? AccessKey { get; init; }

    /// <summary>The S3 secret key; null for the client's own chain.</summary>
    public string? SecretKey { get; init; }

    /// <summary>Solr's base address, such as <c>http://127.0.0.1:8983/solr</c>; null when this stack has none.</summary>
    public string? SolrUrl { get; init; }

    /// <summary>Where a sandbox answers <c>/admin/status</c>, such as <c>http://127.0.0.1:9999</c>; null when this stack is none.</summary>
    public string? AdminUrl { get; init; }
}

/// <summary>Serialization of <see cref="StackEndpoints"/> without reflection.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, WriteIndented = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(StackEndpoints))]
public sealed partial class StackJson : JsonSerializerContext;
