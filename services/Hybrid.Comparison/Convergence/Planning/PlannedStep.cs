using System.Text.Json.Nodes;

namespace Hybrid.Comparison.Convergence.Planning;

/// <summary>What befalls a round at one moment.</summary>
/// <param name="At">When, from the round's begin.</param>
/// <param name="Kind">What.</param>
/// <param name="Service">The service that it befalls; null for the sandbox.</param>
/// <param name="Fault">What the sandbox is asked for, as <c>POST /admin/faults</c> takes it.</param>
/// <param name="Delay">How long after the fault's first hit a strike comes.</param>
internal sealed record PlannedStep(TimeSpan At, StepKind Kind, string? Service = null, JsonObject? Fault = null, TimeSpan Delay = default)
{
    /// <summary>What it is counted as.</summary>
    public string Name => Kind switch
    {
        StepKind.Fault => $"{Fault!["service"]} {Effect}",
        StepKind.KillSandbox => "sandbox killed",
        StepKind.Start => "started",
        StepKind.Stop => "stopped",
        StepKind.Kill => "killed",
        StepKind.StopAtWork => "stopped at work",
        _ => "killed at work",
    };

    private string Effect =>
        new[] { "latency", "error", "drop", "down", "listingLag", "vanish", "stall", "diskFull" }.First(effect => Fault!.ContainsKey(effect));

    /// <inheritdoc/>
    public override string ToString() => $"{At.TotalMilliseconds,5:0} ms  {Service ?? "sandbox"}: {Kind}{(Fault is null ? "" : $" {Fault.ToJsonString()}")}{(Delay > TimeSpan.Zero ? $" after {Delay.TotalMilliseconds:0} ms" : "")}";
}

/// <summary>What a step does.</summary>
internal enum StepKind
{
    /// <summary>A service is started that does not run.</summary>
    Start,

    /// <summary>A service is asked to end, and drains as long as it may.</summary>
    Stop,

    /// <summary>A service's process is killed (SIGKILL).</summary>
    Kill,

    /// <summary>As <see cref="Stop"/>, while what the service asks for is not answered, so that it has work under way.</summary>
    StopAtWork,

    /// <summary>As <see cref="Kill"/>, while what the service asks for is not answered, so that it has work under way.</summary>
    KillAtWork,

    /// <summary>The sandbox injects a fault.</summary>
    Fault,

    /// <summary>The sandbox's process is killed (SIGKILL) and started again.</summary>
    KillSandbox,
}
