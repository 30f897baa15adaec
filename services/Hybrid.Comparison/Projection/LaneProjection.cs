using System.Text.Json.Serialization;

namespace Hybrid.Comparison.Projection;

/// <summary>What a lane is projected to need and to give at the user's scale.</summary>
internal sealed record LaneProjection
{
    public required string Lane { get; init; }

    /// <summary>The setting of the run that it is projected from; empty for the lane's defaults.</summary>
    public required string Point { get; init; }

    public required int Instances { get; init; }

    /// <summary>Publisher shards; null for lanes without Kafka.</summary>
    public int? Publishers { get; init; }

    /// <summary>Partitions of the deltas topic; null for lanes without Kafka.</summary>
    public int? KafkaPartitions { get; init; }

    public required int SolrShards { get; init; }

    /// <summary>Median freshness, seconds.</summary>
    public required double FreshnessP50 { get; init; }

    /// <summary>p99 freshness, seconds.</summary>
    public required double FreshnessP99 { get; init; }

    /// <summary>Whether the freshness asked for is met; null when none was asked.</summary>
    public bool? MeetsTarget { get; init; }

    /// <summary>The share of its capacity that an instance uses over time.</summary>
    public required double Utilisation { get; init; }

    /// <summary>What a month costs.</summary>
    public double? PerMonth { get; init; }

    /// <summary>Of that, what is paid also when nothing comes.</summary>
    public double? AtRestPerMonth { get; init; }

    /// <summary>The error of the model on runs it did not see; null when there are too few.</summary>
    public ModelError? Error { get; init; }

    /// <summary>What this projection rests on that was not measured.</summary>
    public required IReadOnlyList<string> Limits { get; init; }
}

/// <summary>The projections of all measured lanes.</summary>
internal sealed record ProjectionAnswer
{
    public required double EventsPerDay { get; init; }

    public required double PartitionSeconds { get; init; }

    public required double RecordsPerPartition { get; init; }

    public required double Documents { get; init; }

    public double? FreshnessTargetSeconds { get; init; }

    public required IReadOnlyList<LaneProjection> Lanes { get; init; }

    /// <summary>Lanes that could not be projected, and why.</summary>
    public required IReadOnlyList<string> NotProjected { get; init; }

    /// <summary>What the model assumes of every lane.</summary>
    public required IReadOnlyList<string> Assumptions { get; init; }

    public required string Currency { get; init; }

    public required string Prices { get; init; }
}

[JsonSourceGenerationOptions(System.Text.Json.JsonSerializerDefaults.Web, WriteIndented = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(ProjectionAnswer))]
internal sealed partial class ProjectionJson : JsonSerializerContext;
