using Hybrid.Sandbox.S3.Storage;

namespace Hybrid.Sandbox.Faults.S3;

/// <summary>How listings differ from what is stored: puts that show late, and objects that are away for a while.</summary>
internal sealed class ListingFaults(ServiceFaults faults, TimeProvider time)
{
    /// <summary>Makes of a stored object what a listing shows of it, which may be an earlier version or nothing; null while listings are right.</summary>
    public Func<StoredObject, StoredObject?>? View(string bucket, string operation)
    {
        var rules = faults.OfListings.ToArray();
        if (rules.Length == 0)
        {
            return null;
        }

        var now = time.GetUtcNow();
        return stored => Show(rules, bucket, operation, stored, now);
    }

    /// <summary>The object as the index is to keep it: while listings are not right, with what it replaces, which they may show.</summary>
    public StoredObject Keep(string bucket, StoredObject entry, StoredObject? replaced)
    {
        if (faults.OfListings.IsEmpty)
        {
            return entry;
        }

        var former = replaced is not null && IsSettled(bucket, replaced) ? replaced with { Replaced = null } : replaced;
        return entry with { MayLag = true, Replaced = former };
    }

    private static StoredObject? Show(FaultRule[] rules, string bucket, string operation, StoredObject? stored, DateTimeOffset now)
    {
        foreach (var rule in rules)
        {
            if (stored is null)
            {
                return null;
            }

            if (!rule.Matches(operation, [stored.Key, $"{bucket}/{stored.Key}"]))
            {
                continue;
            }

            var shown = rule.Plan.Kind == FaultKind.Vanish
                ? IsAway(rule, bucket, stored.Key, now) ? null : stored
                : Visible(rule, bucket, stored, now);
            rule.Count(hit: !ReferenceEquals(shown, stored));
            stored = shown;
        }

        return stored;
    }

    private static StoredObject? Visible(FaultRule rule, string bucket, StoredObject? stored, DateTimeOffset now)
    {
        while (stored is not null && Lags(rule, bucket, stored, now))
        {
            stored = stored.Replaced;
        }

        return stored;
    }

    private static bool Lags(FaultRule rule, string bucket, StoredObject stored, DateTimeOffset now)
    {
        // An object knows when it was put to the millisecond, so that alone does not tell it from one put just before the fault.
        if (!stored.MayLag || stored.LastModified < rule.Since - TimeSpan.FromMilliseconds(1))
        {
            return false;
        }

        var draw = SeededDraw.Of(rule.Plan.Seed, $"{bucket}/{stored.Key}");
        return draw.Uniform() < rule.Plan.Rate && now < stored.LastModified + rule.Plan.Delay!.Sample(draw);
    }

    /// <summary>Away for the fault's time, once in that time divided by the rate, from a moment on that is the object's own.</summary>
    private static bool IsAway(FaultRule rule, string bucket, string key, DateTimeOffset now)
    {
        var draw = SeededDraw.Of(rule.Plan.Seed, $"{bucket}/{key}");
        var phase = draw.Uniform();
        var away = rule.Plan.Delay!.Sample(draw);
        var cycle = away / rule.Plan.Rate;
        return ((now - rule.Since) / cycle + phase) % 1 < rule.Plan.Rate;
    }

    private bool IsSettled(string bucket, StoredObject stored)
    {
        foreach (var rule in faults.OfListings)
        {
            if (rule.Plan.Kind == FaultKind.ListingLag && Lags(rule, bucket, stored, time.GetUtcNow()))
            {
                return false;
            }
        }

        return true;
    }
}
