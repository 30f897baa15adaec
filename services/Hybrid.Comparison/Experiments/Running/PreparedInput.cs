using Hybrid.Comparison.Load.Input;
using Hybrid.Contracts.Reports;

namespace Hybrid.Comparison.Experiments.Running;

/// <summary>An input that was read once and can be replayed.</summary>
/// <param name="Input">Where its objects are.</param>
/// <param name="Scanned">What is in them.</param>
/// <param name="Info">The same for the report.</param>
internal sealed record PreparedInput(IPartitionInput Input, ScannedInput Scanned, InputInfo Info)
{
    /// <summary>Records in a period, on the average.</summary>
    public double RecordsPerPeriod => (double)Scanned.Records / Math.Max(1, Scanned.Periods);
}
