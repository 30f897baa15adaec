namespace Hybrid.Comparison.Cost;

/// <summary>What a lane costs a month, by what it is paid for.</summary>
internal sealed record Bill
{
    public required IReadOnlyList<BillLine> Lines { get; init; }

    /// <summary>The month's total.</summary>
    public double PerMonth => Lines.Sum(line => line.PerMonth);

    /// <summary>What is paid also when nothing comes.</summary>
    public double AtRest => Lines.Where(line => line.AlwaysOn).Sum(line => line.PerMonth);

    /// <summary>The total, spread over the month's records.</summary>
    public required double PerMillionRecords { get; init; }

    /// <summary>Quantities that were not measured and are left out, or taken as the least that is reserved.</summary>
    public required IReadOnlyList<string> NotMeasured { get; init; }
}

/// <summary>One line of a bill.</summary>
/// <param name="Name">What is paid for.</param>
/// <param name="PerMonth">The amount.</param>
/// <param name="AlwaysOn">Whether it is paid also when nothing comes.</param>
internal sealed record BillLine(string Name, double PerMonth, bool AlwaysOn);
