using Hybrid.Comparison.Convergence.Input;
using Hybrid.Contracts.Lanes;
using Hybrid.Pipeline.Lanes;

namespace Hybrid.Comparison.Convergence.Planning;

/// <summary>Everything that a seed decides: the input, the services and their options, and what befalls them.</summary>
/// <param name="Seed">The seed.</param>
/// <param name="Lanes">The lanes.</param>
/// <param name="Input">The input.</param>
/// <param name="Settings">The options that all services share.</param>
/// <param name="Services">The services.</param>
/// <param name="Steps">What happens, in order; every service that runs in the end is one that was started last.</param>
internal sealed record ConvergencePlan(
    long Seed,
    IReadOnlyList<string> Lanes,
    ConvergenceInput Input,
    IReadOnlyDictionary<string, string?> Settings,
    IReadOnlyList<PlannedService> Services,
    IReadOnlyList<PlannedStep> Steps)
{
    private const int Part = 2;
    private const int StreamizPart = 3;
    private const double ShareOfShardedSources = 0.15;
    private const double ShareOfKills = 0.45;
    private const double ShareOfRebalances = 0.3;
    private const double ShareOfSandboxKills = 0.1;
    private const double ShareOfLateStarts = 0.12;
    private const double ShareOfStaticMembers = 0.75;
    private const int MostInterruptions = 4;
    private const int MostFaults = 6;

    /// <summary>The lanes that share the topic's partitions among their instances.</summary>
    private static readonly string[] GroupLanes = [LaneNames.MicroBatch, LaneNames.Streaming, LaneNames.Streamiz, LaneNames.Hybrid];

    /// <summary>Whether a lane's instances share the topic's partitions, and commit its offsets.</summary>
    public static bool IsGroup(string lane) => GroupLanes.Contains(lane);

    /// <summary>Whether several instances of a lane may run at once.</summary>
    public static bool HasInstances(string lane) => IsGroup(lane) || lane == LaneNames.Direct;

    /// <summary>Draws the plan of a seed.</summary>
    /// <param name="seed">The seed.</param>
    /// <param name="lanes">The lanes that take part, each in every round.</param>
    public static ConvergencePlan Of(long seed, IReadOnlyList<string> lanes)
    {
        var input = ConvergenceInput.Of(seed);
        var draw = new Draw(seed, Part);
        var settings = SettingsDraw.Shared(draw, input);
        foreach (var (key, value) in SettingsDraw.Streamiz(new Draw(seed, StreamizPart)))
        {
            settings[key] = value;
        }

        var shards = draw.Chance(ShareOfShardedSources) ? 2 : 1;
        var names = Enumerable.Range(0, shards).Select(shard => $"publisher-{shard}").Concat(lanes).ToArray();

        // One process of its own a round at most: a process takes as long to start as all the rest of a round takes.
        var victim = draw.Chance(ShareOfKills) ? draw.Pick<string>(names) : null;
        var crew = new CrewDraw(draw, input.Length, victim);
        for (var shard = 0; shard < shards; shard++)
        {
            crew.Add($"publisher-{shard}", ["publish"], null, new() { ["Publisher:Shard"] = SettingsDraw.Text(shard), ["Publisher:Shards"] = SettingsDraw.Text(shards) });
        }

        foreach (var lane in lanes)
        {
            var hasSecond = HasInstances(lane) && draw.Chance(ShareOfRebalances);
            var assignor = draw.Pick(LaneAssignor.CooperativeSticky, LaneAssignor.Range);
            var isStatic = (!hasSecond || assignor == LaneAssignor.Range) && draw.Chance(ShareOfStaticMembers);
            var sharing = new Dictionary<string, string?> { ["Lane:Assignor"] = isStatic ? nameof(LaneAssignor.Range) : assignor.ToString() };
            crew.Add(lane, ["lane", lane], lane, new(sharing) { ["Lane:Instance"] = isStatic ? lane : null }, draw.Chance(ShareOfLateStarts));
            if (hasSecond)
            {
                crew.AddSecond(lane, sharing);
            }
        }

        crew.Interrupt(draw.Between(0, MostInterruptions));
        crew.Befall(draw.Between(0, MostFaults));
        if (draw.Chance(ShareOfSandboxKills))
        {
            crew.KillSandbox();
        }

        return new ConvergencePlan(seed, lanes, input, settings, crew.Services, crew.Steps());
    }
}
