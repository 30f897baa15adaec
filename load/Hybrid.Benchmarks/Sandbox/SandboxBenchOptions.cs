using System.Globalization;
using Hybrid.Pipeline.Hosting;

namespace Hybrid.Benchmarks.Sandbox;

/// <summary>How the sandbox is measured; the defaults are what its targets are stated for.</summary>
internal sealed record SandboxBenchOptions
{
    public static readonly string[] Parts = ["kafka", "roundtrip", "solr", "s3", "memory"];

    public IReadOnlySet<string> Only { get; init; } = Parts.ToHashSet();

    /// <summary>Records of each produce and consume measurement.</summary>
    public int Records { get; init; } = 2_000_000;

    /// <summary>Counted rounds; one more warms up.</summary>
    public int Rounds { get; init; } = 3;

    /// <summary>Seconds of the round trip that count; two more warm up.</summary>
    public int RoundTripSeconds { get; init; } = 10;

    /// <summary>Documents of each bulk measurement.</summary>
    public int Documents { get; init; } = 200_000;

    /// <summary>Single updates of each measurement.</summary>
    public int Updates { get; init; } = 20_000;

    /// <summary>Keys in the listed bucket.</summary>
    public int Keys { get; init; } = 100_000;

    /// <summary>Gigabytes (10⁹ bytes) of log for the memory figures.</summary>
    public double LogGigabytes { get; init; } = 5;

    /// <summary>Where the sandbox's data goes, in a directory of its own that is deleted after; null for the temporary directory.</summary>
    public string? Data { get; init; }

    /// <exception cref="HybridException">An option is wrong.</exception>
    public static SandboxBenchOptions Parse(IReadOnlyList<string> arguments)
    {
        var options = new SandboxBenchOptions();
        for (var i = 0; i < arguments.Count; i += 2)
        {
            if (i + 1 >= arguments.Count)
            {
                throw HybridException.WrongCall($"{arguments[i]} has no value, or is none of the options of bench sandbox: see ./hybrid bench sandbox --help");
            }

            var value = arguments[i + 1];
            options = arguments[i] switch
            {
                "--only" => options with { Only = PartsOf(value) },
                "--records" => options with { Records = Number(value, 10_000, 100_000_000) },
                "--rounds" => options with { Rounds = Number(value, 1, 100) },
                "--round-trip-seconds" => options with { RoundTripSeconds = Number(value, 1, 3600) },
                "--documents" => options with { Documents = Number(value, 500, 10_000_000) },
                "--updates" => options with { Updates = Number(value, 100, 10_000_000) },
                "--keys" => options with { Keys = Number(value, 1_000, 10_000_000) },
                "--log-gb" => options with { LogGigabytes = Gigabytes(value) },
                "--data" => options with { Data = Existing(value) },
                var option => throw HybridException.WrongCall($"'{option} {value}' is none of the options of bench sandbox: see ./hybrid bench sandbox --help"),
            };
        }

        return options;
    }

    private static HashSet<string> PartsOf(string list)
    {
        var parts = list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).ToHashSet();
        return parts.Count > 0 && parts.IsSubsetOf(Parts)
            ? parts
            : throw HybridException.WrongCall($"'--only {list}': give any of {string.Join(',', Parts)}, with commas");
    }

    private static string Existing(string directory) =>
        Directory.Exists(directory) ? directory : throw HybridException.WrongCall($"'--data {directory}' is no directory: make it first");

    private static double Gigabytes(string text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number is >= 0.05 and <= 1000
            ? number
            : throw HybridException.WrongCall($"'{text}' is no number of gigabytes from 0.05 to 1000");

    private static int Number(string text, int least, int most) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw HybridException.WrongCall($"'{text}' is no number from {least} to {most}");
}
