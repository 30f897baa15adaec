using System.Globalization;
using Hybrid.Pipeline.Hosting;

namespace Hybrid.Comparison.Experiments;

/// <summary>A restart to make in mid-run.</summary>
public sealed record RestartStep
{
    /// <summary>The target that stands for whichever lane runs.</summary>
    public const string AnyLane = "lane";

    /// <summary>The target that stands for the publisher.</summary>
    public const string Publisher = "publisher";

    /// <summary><c>publisher</c>, a lane's name, or <c>lane</c> for each lane in its own run.</summary>
    public required string Target { get; init; }

    /// <summary>How the process ends.</summary>
    public required RestartKind Kind { get; init; }

    /// <summary>When, as a share of the run from 0 to 1; null when <see cref="AtPartition"/> says it.</summary>
    public double? AtShare { get; init; }

    /// <summary>When: as the partition with this number, from 1, is due; null when <see cref="AtShare"/> says it.</summary>
    public int? AtPartition { get; init; }

    /// <summary>How long the process stays away before it is started again, wall time.</summary>
    public TimeSpan Outage { get; init; }

    /// <summary>Reads a step such as <c>streaming:kill@50%</c>, <c>publisher:stop@12</c> (partition 12) or <c>lane:kill@30%+5s</c> (away for 5 s).</summary>
    /// <param name="text">The step.</param>
    /// <exception cref="HybridException">The text is not a step.</exception>
    public static RestartStep Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var at = text.IndexOf('@', StringComparison.Ordinal);
        if (colon <= 0 || at < colon)
        {
            throw Mistake(text);
        }

        var plus = text.IndexOf('+', at);
        var moment = plus < 0 ? text[(at + 1)..] : text[(at + 1)..plus];
        var kind = text[(colon + 1)..at] switch
        {
            "kill" => RestartKind.Kill,
            "stop" => RestartKind.Stop,
            _ => throw Mistake(text),
        };
        double? share = null;
        int? partition = null;
        if (moment.EndsWith('%')
            && double.TryParse(moment[..^1], NumberStyles.Float, CultureInfo.InvariantCulture, out var percent) && percent is >= 0 and <= 100)
        {
            share = percent / 100;
        }
        else if (int.TryParse(moment, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1)
        {
            partition = number;
        }
        else
        {
            throw Mistake(text);
        }

        return new RestartStep
        {
            Target = text[..colon],
            Kind = kind,
            AtShare = share,
            AtPartition = partition,
            Outage = plus < 0 ? TimeSpan.Zero : Outages(text[(plus + 1)..]) ?? throw Mistake(text),
        };
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Target}:{(Kind == RestartKind.Kill ? "kill" : "stop")}@{(AtShare is { } share ? $"{share * 100:0.##}%" : AtPartition)}{(Outage > TimeSpan.Zero ? $"+{Outage.TotalSeconds:0.###}s" : "")}");

    /// <summary>Whether the step is for a lane's run: the publisher's belong to every lane's.</summary>
    /// <param name="lane">The lane that runs.</param>
    internal bool IsFor(string lane) => Target is Publisher or AnyLane || Target == lane;

    /// <summary>How far into the replay the step comes, in partitions from 0.</summary>
    /// <param name="partitions">The partitions replayed.</param>
    internal double Position(int partitions) => AtShare is { } share ? share * partitions : AtPartition!.Value - 1;

    private static TimeSpan? Outages(string text) =>
        text.EndsWith('s') && double.TryParse(text[..^1], NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) && seconds is >= 0 and <= 86_400
            ? TimeSpan.FromSeconds(seconds)
            : null;

    private static HybridException Mistake(string text) => HybridException.WrongCall(
        $"the restart '{text}' is not one: write TARGET:kill@50% or TARGET:stop@12 (a partition's number), TARGET being publisher, lane or a lane's name");
}

/// <summary>How a process ends before it is started again.</summary>
public enum RestartKind
{
    /// <summary>SIGKILL: nothing is drained, nothing committed; what a crash does.</summary>
    Kill,

    /// <summary>SIGTERM: the service drains and commits; what a deployment does.</summary>
    Stop,
}
