namespace Hybrid.Sandbox.Solr.Query.Stats;

/// <summary>The statistics of <c>stats.field</c>.</summary>
[Flags]
internal enum StatsSelection
{
    None = 0,
    Min = 1,
    Max = 2,
    Count = 4,
    Missing = 8,
    Sum = 16,
    SumOfSquares = 32,
    Mean = 64,
    StdDev = 128,
    DistinctValues = 256,
    CountDistinct = 512,

    /// <summary>What is answered unless some are chosen.</summary>
    Default = Min | Max | Count | Missing | Sum | SumOfSquares | Mean | StdDev,

    /// <summary>What <c>stats.calcdistinct</c> adds.</summary>
    Distinct = DistinctValues | CountDistinct,
}
