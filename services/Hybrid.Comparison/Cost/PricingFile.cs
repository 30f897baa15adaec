using System.Globalization;
using System.Text.Json;
using Hybrid.Contracts.Json;
using Hybrid.Pipeline.Hosting;

namespace Hybrid.Comparison.Cost;

/// <summary>Reads prices: the user's file, or the examples that travel with the program.</summary>
internal static class PricingFile
{
    private const string Resource = "pricing.json";
    private const double DearestPrice = 1e6;

    /// <summary>The examples, <c>compose/pricing.json</c> as it was built in.</summary>
    public static Pricing Examples()
    {
        using var stream = typeof(PricingFile).Assembly.GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException($"no embedded {Resource}");
        return JsonSerializer.Deserialize(stream, PricingJson.Default.Pricing)!;
    }

    /// <summary>The prices of a file, or the examples when none is named.</summary>
    /// <exception cref="HybridException">The file is not there, or is no list of prices.</exception>
    public static async Task<Pricing> ReadAsync(string? path, CancellationToken cancellationToken)
    {
        if (path is null)
        {
            return Examples();
        }

        try
        {
            await using var stream = File.OpenRead(path);
            var prices = await JsonSerializer.DeserializeAsync(stream, PricingJson.Default.Pricing, cancellationToken).ConfigureAwait(false)
                ?? throw HybridException.WrongCall($"{path} holds null instead of prices: begin with a copy of compose/pricing.json");
            return Mistakes(prices).FirstOrDefault() is { } mistake
                ? throw HybridException.WrongCall($"{path}: {mistake}")
                : prices;
        }
        catch (JsonException failure)
        {
            throw HybridException.WrongCall($"{path} does not follow contracts/pricing.schema.json ({JsonMistake.Describe(failure)}): begin with a copy of compose/pricing.json");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw HybridException.WrongCall($"the prices cannot be read from {path} ({failure.Message}): give a file such as compose/pricing.json");
        }
    }

    /// <summary>What is out of the schema's ranges, one sentence each.</summary>
    public static IEnumerable<string> Mistakes(Pricing prices)
    {
        if (prices.SchemaVersion != 1)
        {
            yield return $"schemaVersion is {prices.SchemaVersion}, and this build reads 1";
        }

        if (prices.Currency.Length == 0 || prices.Source.Length == 0)
        {
            yield return "currency and source are empty: say what the prices are in and where they are from";
        }

        if (!DateOnly.TryParseExact(prices.Date, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _))
        {
            yield return $"date is '{prices.Date}': write YYYY-MM-DD";
        }

        (string Name, double Value, double From, double To)[] figures =
        [
            ("compute.coreHour", prices.Compute.CoreHour, 0, DearestPrice),
            ("compute.gibHour", prices.Compute.GibHour, 0, DearestPrice),
            ("compute.utilisation", prices.Compute.Utilisation, double.Epsilon, 1),
            ("compute.leastCores", prices.Compute.LeastCores, 0, 1024),
            ("compute.leastGib", prices.Compute.LeastGib, 0, 65536),
            ("scheduled.coreHour", prices.Scheduled.CoreHour, 0, DearestPrice),
            ("scheduled.gibHour", prices.Scheduled.GibHour, 0, DearestPrice),
            ("scheduled.startUpSeconds", prices.Scheduled.StartUpSeconds, 0, 3600),
            ("kafka.leastBrokers", prices.Kafka.LeastBrokers, 0, 10_000),
            ("kafka.brokerHour", prices.Kafka.BrokerHour, 0, DearestPrice),
            ("kafka.recordsPerSecondOfABroker", prices.Kafka.RecordsPerSecondOfABroker, double.Epsilon, 1e9),
            ("kafka.replication", prices.Kafka.Replication, 1, 16),
            ("kafka.retentionHours", prices.Kafka.RetentionHours, 0, 87_600),
            ("kafka.gibMonthStored", prices.Kafka.GibMonthStored, 0, DearestPrice),
            ("kafka.gibTransferred", prices.Kafka.GibTransferred, 0, DearestPrice),
            ("objectStore.millionRequests", prices.ObjectStore.MillionRequests, 0, DearestPrice),
            ("solr.coreHour", prices.Solr.CoreHour, 0, DearestPrice),
            ("solr.documentsPerCoreSecond", prices.Solr.DocumentsPerCoreSecond, double.Epsilon, 1e9),
            ("solr.coreSecondsPerCommit", prices.Solr.CoreSecondsPerCommit, 0, 3600),
        ];
        foreach (var (name, value, from, to) in figures)
        {
            if (!(value >= from && value <= to))
            {
                yield return from > 0 && from < 1
                    ? string.Create(CultureInfo.InvariantCulture, $"{name} is {value}: give a number above 0, up to {to}")
                    : string.Create(CultureInfo.InvariantCulture, $"{name} is {value}: give a number from {from} to {to}");
            }
        }
    }
}
