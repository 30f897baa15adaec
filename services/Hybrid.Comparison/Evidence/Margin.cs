namespace Hybrid.Comparison.Evidence;

/// <summary>How two figures stand to each other.</summary>
/// <param name="Kind">Whether the difference is more than noise.</param>
/// <param name="Difference">The second less the first.</param>
/// <param name="Share">The difference as a share of the first; null when the first is 0.</param>
internal readonly record struct Margin(MarginKind Kind, double Difference, double? Share)
{
    /// <summary>Sets two figures against each other.</summary>
    public static Margin Between(Measured first, Measured second)
    {
        var kind = !first.HasSpread || !second.HasSpread ? MarginKind.Unknown
            : first.High < second.Low || second.High < first.Low ? MarginKind.Beyond
            : MarginKind.Noise;
        var difference = second.Value - first.Value;
        return new Margin(kind, difference, first.Value == 0 ? null : difference / first.Value);
    }
}

/// <summary>Whether a difference is more than noise.</summary>
internal enum MarginKind
{
    /// <summary>The 95 % intervals do not overlap.</summary>
    Beyond,

    /// <summary>They overlap: no difference was shown.</summary>
    Noise,

    /// <summary>One of the figures was measured only once, so nothing is known of its spread.</summary>
    Unknown,
}
