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
/// <param name="Part">Whose it is.</param>
/// <param name="Name">What is paid for.</param>
/// <param name="PerMonth">The amount.</param>
/// <param name="AlwaysOn">Whether it is paid also when nothing comes.</param>
internal sealed record BillLine(BillPart Part, string Name, double PerMonth, bool AlwaysOn);

/// <summary>Whose a line of a bill is.</summary>
internal enum BillPart
{
    /// <summary>The lane's own processes.</summary>
    Lane,

    /// <summary>The publisher's.</summary>
    Publisher,

    /// <summary>The brokers and what passes through them.</summary>
    Kafka,

    /// <summary>The object store's requests.</summary>
    ObjectStore,

    /// <summary>Solr's indexing.</summary>
    Solr,
}
