namespace Hybrid.Sandbox.Faults;

/// <summary>What one request meets: delays before and after it is handled, and what becomes of it instead of an answer.</summary>
internal sealed class FaultEncounter
{
    private readonly List<(FaultRule Rule, TimeSpan Delay)> _before = [];
    private readonly List<(FaultRule Rule, TimeSpan Delay)> _after = [];

    /// <summary>The error or the drop that keeps the request from being handled; null for none.</summary>
    public FaultPlan? Instead { get; private set; }

    /// <summary>The error or the drop that takes the place of the answer; null for none.</summary>
    public FaultPlan? InsteadOfAnswer { get; private set; }

    /// <summary>Whether the answer has to be held back until the request is handled.</summary>
    public bool TouchesAnswer => InsteadOfAnswer is not null || _after.Count > 0;

    public void Add(FaultRule rule, TimeSpan delay)
    {
        var plan = rule.Plan;
        if (plan.Kind is FaultKind.Latency or FaultKind.Stall)
        {
            (plan.After ? _after : _before).Add((rule, delay));
        }
        else if (plan.After)
        {
            InsteadOfAnswer ??= plan;
        }
        else
        {
            Instead ??= plan;
        }
    }

    public Task DelayAsync(CancellationToken cancellationToken) => WaitAsync(_before, cancellationToken);

    public Task DelayAnswerAsync(CancellationToken cancellationToken) => WaitAsync(_after, cancellationToken);

    private static async Task WaitAsync(List<(FaultRule Rule, TimeSpan Delay)> delays, CancellationToken cancellationToken)
    {
        foreach (var (rule, delay) in delays)
        {
            await rule.WaitAsync(delay, cancellationToken).ConfigureAwait(false);
        }
    }
}
