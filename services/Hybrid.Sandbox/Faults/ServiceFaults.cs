namespace Hybrid.Sandbox.Faults;

/// <summary>
/// The faults of one service as its requests meet them. While none is in force a request costs one volatile read.
/// </summary>
internal sealed class ServiceFaults
{
    /// <summary>The operation of Solr that is part of a request, or of none: only faults that name it befall it.</summary>
    public const string Commit = "commit";

    private volatile Rules _rules = Rules.None;

    /// <summary>Raised when the service goes down, after <see cref="IsDown"/> says so.</summary>
    public event Action? WentDown;

    /// <summary>Whether any fault of single requests is in force.</summary>
    public bool OfRequests => _rules.Requests.Length > 0;

    /// <summary>Whether connections are refused.</summary>
    public bool IsDown => _rules.Outages.Length > 0;

    /// <summary>The faults of listings in force.</summary>
    public ReadOnlySpan<FaultRule> OfListings => _rules.Listings;

    /// <summary>The full disks in force.</summary>
    public ReadOnlySpan<FaultRule> OfDisk => _rules.Disk;

    /// <summary>What a request meets; null for nothing.</summary>
    /// <param name="operation">Its operation, as the request counts name it.</param>
    /// <param name="targets">What it is about; it is enough that one of them matches.</param>
    public FaultEncounter? Meet(string operation, params ReadOnlySpan<string> targets)
    {
        FaultEncounter? encounter = null;
        foreach (var rule in _rules.Requests)
        {
            var isCommit = rule.Plan.Operation.Is(Commit);
            if (isCommit == (operation == Commit) && rule.Matches(operation, targets) && rule.Strikes(out var delay))
            {
                encounter ??= new FaultEncounter();
                encounter.Add(rule, delay);
            }
        }

        return encounter;
    }

    /// <summary>Counts a connection that was closed because the service is down.</summary>
    public void CountRefused()
    {
        foreach (var rule in _rules.Outages)
        {
            rule.Count(hit: true);
        }
    }

    /// <summary>Replaces what is in force.</summary>
    public void Set(IEnumerable<FaultRule> rules)
    {
        var all = rules.ToList();
        var wasDown = IsDown;
        _rules = new Rules(
            [.. all.Where(static rule => rule.Plan.Kind.IsOfRequests())],
            [.. all.Where(static rule => rule.Plan.Kind.IsOfListings())],
            [.. all.Where(static rule => rule.Plan.Kind == FaultKind.DiskFull)],
            [.. all.Where(static rule => rule.Plan.Kind == FaultKind.Down)]);
        if (IsDown && !wasDown)
        {
            WentDown?.Invoke();
        }
    }

    private sealed record Rules(FaultRule[] Requests, FaultRule[] Listings, FaultRule[] Disk, FaultRule[] Outages)
    {
        public static Rules None { get; } = new([], [], [], []);
    }
}
