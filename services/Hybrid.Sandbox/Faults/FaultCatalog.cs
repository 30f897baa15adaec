using System.Globalization;

namespace Hybrid.Sandbox.Faults;

/// <summary>Every fault of a sandbox: adds, lists, ends and clears them. Safe for concurrent use.</summary>
internal sealed class FaultCatalog : IDisposable
{
    private const int MostKept = 64;

    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private readonly Dictionary<FaultService, ServiceFaults> _services;
    private readonly List<FaultRule> _inForce = [];
    private readonly List<FaultRule> _over = [];
    private readonly ITimer _expiry;
    private int _lastId;

    public FaultCatalog(TimeProvider time)
    {
        _time = time;
        _services = Enum.GetValues<FaultService>().ToDictionary(static service => service, static _ => new ServiceFaults());
        _expiry = time.CreateTimer(_ => Expire(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The faults of one service, to be handed to it.</summary>
    public ServiceFaults For(FaultService service) => _services[service];

    /// <summary>Injects a fault.</summary>
    /// <exception cref="SandboxException">It cannot be, in one line that says why.</exception>
    public FaultStatus Add(FaultSpecification specification)
    {
        var plan = FaultPlan.Of(specification);
        lock (_gate)
        {
            var rule = new FaultRule((++_lastId).ToString(CultureInfo.InvariantCulture), plan, _time);
            rule.Spent += Reschedule;
            _inForce.Add(rule);
            Publish(plan.Service);
            Schedule();
            return rule.Status(inForce: true);
        }
    }

    /// <summary>Those in force first, then those that are over and were not cleared, each in the order they were added.</summary>
    public IReadOnlyList<FaultStatus> List()
    {
        lock (_gate)
        {
            EndWhatIsOver();
            return [.. _inForce.Select(static rule => rule.Status(inForce: true)), .. _over.Select(static rule => rule.Status(inForce: false))];
        }
    }

    /// <summary>Ends a fault and forgets it; whoever waits because of it goes on.</summary>
    /// <param name="id">Its id, or null for all.</param>
    /// <returns>How many there were.</returns>
    public int Clear(string? id)
    {
        lock (_gate)
        {
            var cleared = _inForce.Concat(_over).Where(rule => id is null || rule.Id == id).ToList();
            foreach (var rule in cleared)
            {
                _over.Remove(rule);
                if (_inForce.Remove(rule))
                {
                    Publish(rule.Plan.Service);
                }

                rule.Release();
            }

            Schedule();
            return cleared.Count;
        }
    }

    public void Dispose()
    {
        Clear(null);
        _expiry.Dispose();
    }

    private void Expire()
    {
        lock (_gate)
        {
            EndWhatIsOver();
            Schedule();
        }
    }

    private void EndWhatIsOver()
    {
        var now = _time.GetUtcNow();
        foreach (var rule in _inForce.Where(rule => rule.End <= now).ToList())
        {
            _inForce.Remove(rule);
            _over.Add(rule);
            Publish(rule.Plan.Service);
            if (rule.Expiry <= now)
            {
                rule.Release();
            }
        }

        if (_over.Count > MostKept)
        {
            _over.RemoveRange(0, _over.Count - MostKept);
        }
    }

    private void Publish(FaultService service) => _services[service].Set(_inForce.Where(rule => rule.Plan.Service == service));

    private void Reschedule()
    {
        lock (_gate)
        {
            Schedule();
        }
    }

    /// <summary>Sets the timer on the first end.</summary>
    private void Schedule()
    {
        var next = _inForce.Select(static rule => rule.End).Where(static end => end is not null).DefaultIfEmpty(null).Min();
        var wait = next is { } end ? Clamp(end - _time.GetUtcNow()) : Timeout.InfiniteTimeSpan;
        _expiry.Change(wait, Timeout.InfiniteTimeSpan);
    }

    /// <summary>A timer may fire up to a tick early; a millisecond more is cheaper than firing twice.</summary>
    private static TimeSpan Clamp(TimeSpan wait) => wait < TimeSpan.Zero ? TimeSpan.Zero : wait + TimeSpan.FromMilliseconds(1);
}
