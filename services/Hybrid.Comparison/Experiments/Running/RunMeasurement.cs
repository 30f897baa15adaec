using Hybrid.Contracts.Reports;
using Hybrid.Contracts.Reports.Experiments;

namespace Hybrid.Comparison.Experiments.Running;

/// <summary>A run as it is reported, and with the samples that are merged with its repetitions'.</summary>
/// <param name="Run">The run.</param>
/// <param name="Lane">The same as a lane's report.</param>
/// <param name="Outcome">All that was seen of it.</param>
internal sealed record RunMeasurement(ExperimentRun Run, LaneReport Lane, LaneOutcome Outcome);
