using System.Text.Json.Serialization;

namespace Hybrid.Comparison.Cost;

/// <summary>What quantities are multiplied with to become money; the content of <c>pricing.json</c> (<c>contracts/pricing.schema.json</c>).</summary>
internal sealed record Pricing
{
    /// <summary>A month as clouds bill it.</summary>
    public const double HoursPerMonth = 730;

    /// <summary>The days of such a month.</summary>
    public const double DaysPerMonth = HoursPerMonth / 24;

    public required int SchemaVersion { get; init; }

    public string? Note { get; init; }

    public required string Currency { get; init; }

    public required string Source { get; init; }

    public required string Date { get; init; }

    public required ComputePrices Compute { get; init; }

    public required ScheduledPrices Scheduled { get; init; }

    public required KafkaPrices Kafka { get; init; }

    public required ObjectStorePrices ObjectStore { get; init; }

    public required SolrPrices Solr { get; init; }
}

/// <summary>Processes that are always on.</summary>
internal sealed record ComputePrices
{
    public required double CoreHour { get; init; }

    public required double GibHour { get; init; }

    public required double Utilisation { get; init; }

    public required double LeastCores { get; init; }

    public required double LeastGib { get; init; }
}

/// <summary>Work that is paid while it runs.</summary>
internal sealed record ScheduledPrices
{
    public required double CoreHour { get; init; }

    public required double GibHour { get; init; }

    public required double StartUpSeconds { get; init; }
}

/// <summary>The brokers.</summary>
internal sealed record KafkaPrices
{
    public required int LeastBrokers { get; init; }

    public required double BrokerHour { get; init; }

    public required double RecordsPerSecondOfABroker { get; init; }

    public required int Replication { get; init; }

    public required double RetentionHours { get; init; }

    public required double GibMonthStored { get; init; }

    public required double GibTransferred { get; init; }
}

/// <summary>The object store's requests.</summary>
internal sealed record ObjectStorePrices
{
    public required double MillionRequests { get; init; }
}

/// <summary>Solr's indexing.</summary>
internal sealed record SolrPrices
{
    public required double CoreHour { get; init; }

    public required double DocumentsPerCoreSecond { get; init; }

    public required double CoreSecondsPerCommit { get; init; }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    ReadCommentHandling = System.Text.Json.JsonCommentHandling.Skip,
    AllowTrailingCommas = true)]
[JsonSerializable(typeof(Pricing))]
internal sealed partial class PricingJson : JsonSerializerContext;
