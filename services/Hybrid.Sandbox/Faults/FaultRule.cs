namespace Hybrid.Sandbox.Faults;

/// <summary>A fault in force: what was planned, and what became of it so far. Safe for concurrent use.</summary>
internal sealed class FaultRule
{
    private readonly TimeProvider _time;
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _gate = new();
    private long _matched;
    private long _hits;
    private long _begun;
    private long _room;
    private long _stallEnd;

    public FaultRule(string id, FaultPlan plan, TimeProvider time)
    {
        Id = id;
        Plan = plan;
        _time = time;
        _room = plan.Room;
        Since = time.GetUtcNow();
        Expiry = Since + plan.For;
    }

    /// <summary>Raised when the last of its hits is taken.</summary>
    public event Action? Spent;

    public string Id { get; }

    public FaultPlan Plan { get; }

    public DateTimeOffset Since { get; }

    /// <summary>When its time is up; null is never.</summary>
    public DateTimeOffset? Expiry { get; }

    /// <summary>When it is over as far as is known: its time is up, or its hits are used up and a stall is at its end.</summary>
    public DateTimeOffset? End => HitsAreUsedUp
        ? new DateTimeOffset(Volatile.Read(ref _stallEnd), TimeSpan.Zero)
        : Expiry;

    private bool HitsAreUsedUp => Plan.Times is { } times && Volatile.Read(ref _begun) >= times;

    public bool Matches(string operation, ReadOnlySpan<string> targets)
    {
        if (!Plan.Operation.Matches(operation))
        {
            return false;
        }

        if (Plan.Target.IsAny)
        {
            return true;
        }

        foreach (var target in targets)
        {
            if (Plan.Target.Matches(target))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Draws whether the next request is befallen, and for how long.</summary>
    public bool Strikes(out TimeSpan delay)
    {
        delay = TimeSpan.Zero;
        var number = Interlocked.Increment(ref _matched);
        var draw = SeededDraw.Of(Plan.Seed, number);
        if (Plan.Kind == FaultKind.Stall)
        {
            return Stalls(draw, out delay);
        }

        if (draw.Uniform() >= Plan.Rate || !Begin())
        {
            return false;
        }

        Interlocked.Increment(ref _hits);
        delay = Plan.Delay?.Sample(draw) ?? TimeSpan.Zero;
        return true;
    }

    /// <summary>How many of so many bytes still fit on the disk.</summary>
    public int Fit(int bytes)
    {
        var number = Interlocked.Increment(ref _matched);
        lock (_gate)
        {
            var fit = (int)Math.Min(bytes, _room);
            if (fit < bytes && (SeededDraw.Of(Plan.Seed, number).Uniform() >= Plan.Rate || !Begin()))
            {
                return bytes;
            }

            _room -= fit;
            _hits += fit < bytes ? 1 : 0;
            return fit;
        }
    }

    /// <summary>Counts what it could have befallen and whether it did, where it is not drawn here.</summary>
    public void Count(bool hit)
    {
        Interlocked.Increment(ref _matched);
        if (hit)
        {
            Interlocked.Increment(ref _hits);
        }
    }

    /// <summary>Waits so long, or until the fault is over.</summary>
    public async Task WaitAsync(TimeSpan delay, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAny(Task.Delay(delay, _time, either.Token), _released.Task).ConfigureAwait(false);
        await either.CancelAsync().ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
    }

    /// <summary>Lets go of whoever waits.</summary>
    public void Release() => _released.TrySetResult();

    public FaultStatus Status(bool inForce) => new()
    {
        Id = Id,
        Kind = Plan.Kind.Name(),
        InForce = inForce,
        Matched = Interlocked.Read(ref _matched),
        Hits = Interlocked.Read(ref _hits),
        RemainingSeconds = inForce && Expiry is { } end ? Math.Max(0, Math.Round((end - _time.GetUtcNow()).TotalSeconds, 1)) : null,
        Fault = Plan.Specification,
    };

    private bool Stalls(SeededDraw draw, out TimeSpan delay)
    {
        delay = TimeSpan.Zero;
        lock (_gate)
        {
            var now = _time.GetUtcNow();
            if (now.Ticks >= _stallEnd)
            {
                if (draw.Uniform() >= Plan.Rate || HitsAreUsedUp)
                {
                    return false;
                }

                Volatile.Write(ref _stallEnd, (now + Plan.Delay!.Sample(draw)).Ticks);
                Begin();
            }

            delay = TimeSpan.FromTicks(_stallEnd - now.Ticks);
            _hits++;
            return true;
        }
    }

    /// <summary>Takes one of the hits that are left.</summary>
    private bool Begin()
    {
        if (Plan.Times is not { } times)
        {
            return true;
        }

        var number = Interlocked.Increment(ref _begun);
        if (number == times)
        {
            Spent?.Invoke();
        }

        return number <= times;
    }
}
