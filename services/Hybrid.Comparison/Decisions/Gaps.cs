using Hybrid.Comparison.Evidence;
using Hybrid.Comparison.Experiments;
using Hybrid.Comparison.Reporting;
using Hybrid.Contracts.Reports;
using Hybrid.Contracts.Reports.Experiments;

namespace Hybrid.Comparison.Decisions;

/// <summary>Names what an answer does not rest on because nobody measured it, each with what to run.</summary>
internal static class Gaps
{
    public static IEnumerable<string> Of(ComparisonReport report, MeasuredEvidence evidence, Requirement requirement, Choice choice)
    {
        string[] measured = [.. evidence.Candidates.Select(candidate => candidate.Lane).Distinct()];
        foreach (var lane in LaneCatalog.All.Where(lane => !measured.Contains(lane.Name)))
        {
            yield return lane.Missing is { } reason
                ? $"{lane.Name}: {reason}"
                : $"{lane.Name}: it is not in this report; compare with --lanes {lane.Name} beside the others";
        }

        foreach (var candidate in choice.Candidates)
        {
            foreach (var check in candidate.Checks.Where(check => check.Outcome == Outcome.NotMeasured))
            {
                yield return $"{candidate.Lane.Name}: {check.Because}{Remedy(check.Question)}";
            }
        }

        if (choice.Winner is { } winner)
        {
            foreach (var line in OfWinner(evidence, requirement, winner))
            {
                yield return line;
            }
        }

        if (report.Run.Stack.Values.Any(origin => origin == "sandbox"))
        {
            yield return "your own stack: the sandbox has one node, no replication and no network; take absolute figures from --stack external";
        }
    }

    private static IEnumerable<string> OfWinner(MeasuredEvidence evidence, Requirement requirement, Candidate winner)
    {
        if (winner.Lane.Inconclusive is { } inconclusive)
        {
            yield return $"{winner.Lane.Name}: the experiment refuses to conclude from its runs ({inconclusive})";
        }

        if (winner.PerMonth is { HasSpread: false })
        {
            yield return $"{winner.Lane.Name}: the spread between repetitions; compare with --repeat 3 or more";
        }

        var wanted = requirement.Load.RecordsPerSecond;
        if (evidence.Rates.TryGetValue(winner.Lane.Lane, out var rate))
        {
            if (wanted > rate.RecordsPerSecond)
            {
                yield return $"{winner.Lane.Lane} at {Figures.Rate(wanted)}: one instance was seen to sustain {Figures.Rate(rate.RecordsPerSecond)}; see hybrid project";
            }
        }
        else if (wanted > winner.Lane.RecordsPerSecond)
        {
            yield return $"{winner.Lane.Lane} at {Figures.Rate(wanted)}: it was measured at {Figures.Rate(winner.Lane.RecordsPerSecond)}; compare with --experiments load";
        }

        if (evidence.Restarts.All(restart => restart.Lane != winner.Lane.Lane))
        {
            yield return $"{winner.Lane.Lane}: what a restart does to it; compare with --experiments restart";
        }

        if (evidence.Kinds.Count > 0 && !evidence.Kinds.Contains(ExperimentKinds.Faults))
        {
            yield return "what faults of the services around it do; compare with --experiments faults";
        }

        foreach (var line in winner.Bill!.NotMeasured)
        {
            yield return $"{winner.Lane.Lane}: {line}";
        }
    }

    private static string Remedy(Question question) => question switch
    {
        Question.Restart => "; compare with --experiments restart",
        _ => "",
    };
}
