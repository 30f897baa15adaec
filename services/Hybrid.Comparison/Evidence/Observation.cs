using System.Globalization;

namespace Hybrid.Comparison.Evidence;

/// <summary>What was measured of one lane as it was set at one point: what <c>decide</c> chooses from and <c>project</c> learns from.</summary>
internal sealed record Observation
{
    private const string DefaultSchedule = "0 * * * *";

    /// <summary>The anchor of its row in report.html, without the hash.</summary>
    public required string Id { get; init; }

    /// <summary>The experiment, of <see cref="Contracts.Reports.Experiments.ExperimentKinds"/>; empty for a run outside of experiments.</summary>
    public required string Kind { get; init; }

    public required string Lane { get; init; }

    /// <summary>What sets it apart from the lane's other runs; empty for the lane as it is by default.</summary>
    public required string Point { get; init; }

    /// <summary>The run's settings with the point's over them.</summary>
    public required IReadOnlyDictionary<string, string> Settings { get; init; }

    /// <summary>The length of a partition, seconds of event time.</summary>
    public required double PeriodSeconds { get; init; }

    /// <summary>Seconds of the run between two partitions' due times.</summary>
    public required double PaceSeconds { get; init; }

    /// <summary>Records of one run.</summary>
    public required double Records { get; init; }

    /// <summary>Partitions of one run.</summary>
    public required double Partitions { get; init; }

    /// <summary>Records offered per second.</summary>
    public required double RecordsPerSecond { get; init; }

    public Measured? FreshnessP50 { get; init; }

    public Measured? FreshnessP95 { get; init; }

    public Measured? FreshnessP99 { get; init; }

    /// <summary>Due to published, the median, seconds: what is spent before any lane that reads Kafka.</summary>
    public double? PublishedP50 { get; init; }

    public required Consumption Used { get; init; }

    /// <summary>Whether lag stayed level; null when it was not asked.</summary>
    public bool? Sustained { get; init; }

    /// <summary>What is wrong with the index, the accounts or the lane; empty when all is well.</summary>
    public required IReadOnlyList<string> Faults { get; init; }

    /// <summary>Why the experiment refuses to conclude from it; null when it does not.</summary>
    public string? Inconclusive { get; init; }

    /// <summary>How the lane was set, for people.</summary>
    public string Name => Point.Length == 0 ? Lane : $"{Lane} ({Point})";

    /// <summary>Seconds of event time between two jobs of a scheduled lane; those of its default where no setting says, null for a schedule that is not regular.</summary>
    public double? ScheduleSeconds => CronPeriod.Seconds(Setting("schedule", "Batch:Schedule") ?? DefaultSchedule);

    /// <summary>The same in seconds of the run.</summary>
    public double ScheduleSecondsOfRun => (ScheduleSeconds ?? PeriodSeconds) / PeriodSeconds * PaceSeconds;

    /// <summary>The longest that a record waits for its batch, seconds; null where the lane does not say.</summary>
    public double? IntervalSeconds => Durations.Seconds(Setting("interval", "Lane:Interval"));

    /// <summary>Seconds until a commit shows; null for settings that leave it to the server.</summary>
    public double? VisibilitySeconds => Setting("visibility", "Solr:Visibility") is { } visibility
        ? visibility.StartsWith("commit-within=", StringComparison.Ordinal) ? Durations.Seconds(visibility["commit-within=".Length..])
            : visibility == "soft-commit" ? 0 : null
        : null;

    private string? Setting(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (Settings.TryGetValue(name, out var value))
            {
                return value;
            }
        }

        return null;
    }

    private static class Durations
    {
        public static double? Seconds(string? text)
        {
            (string Suffix, double Seconds)[] units = [("ms", 0.001), ("s", 1), ("min", 60), ("m", 60), ("h", 3600)];
            foreach (var (suffix, seconds) in units)
            {
                if (text is not null && text.EndsWith(suffix, StringComparison.Ordinal)
                    && double.TryParse(text[..^suffix.Length].TrimEnd(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var count))
                {
                    return count * seconds;
                }
            }

            return TimeSpan.TryParseExact(text, "c", CultureInfo.InvariantCulture, out var span) ? span.TotalSeconds : null;
        }
    }
}
