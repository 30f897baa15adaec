using System.Globalization;
using Hybrid.Comparison.Accounts;
using Hybrid.Comparison.Observer;
using Hybrid.Contracts.Reports;

namespace Hybrid.Comparison.Experiments;

/// <summary>Finds where a lane's own figures and the observer's cannot both be true.</summary>
internal static class Verdicts
{
    /// <summary>Canaries below which the observer's median settles nothing.</summary>
    private const int LeastSightings = 20;

    /// <summary>How a count of the topics is introduced.</summary>
    public const string InTopics = "the topics hold";

    /// <summary>How a count of a cursor is introduced, which lanes without topics keep.</summary>
    public const string InCursor = "the lane's cursor counts";

    /// <summary>The contradictions, one sentence each.</summary>
    /// <param name="stages">The services' own stages, seconds since due.</param>
    /// <param name="sightings">What the observer saw.</param>
    /// <param name="intervalSeconds">The observer's interval, seconds.</param>
    public static IEnumerable<string> Disagreements(
        IReadOnlyDictionary<string, Distribution> stages, IReadOnlyList<Sighting> sightings, double intervalSeconds)
    {
        // Histogram buckets are 3.2 % wide and the canaries are a sample of the records: only what exceeds both is a contradiction.
        double Bound(double seconds) => (seconds * 1.25) + (2 * intervalSeconds) + 0.05;

        if (stages.TryGetValue(Stage.Acknowledged, out var acknowledged))
        {
            if (sightings.Count >= LeastSightings
                && Distributions.WeightedMedian(sightings.Select(sighting => (sighting.Freshness, sighting.Weight))) is { } searchable
                && acknowledged.P50 > Bound(searchable))
            {
                yield return Invariant(
                    $"the lane says that half of its records were acknowledged after {acknowledged.P50:0.000} s, but the observer found half of them searchable after {searchable:0.000} s");
            }

            if (acknowledged.Negative > 0)
            {
                yield return Invariant($"the lane acknowledged {acknowledged.Negative} records before their partition was due: its clock and the publisher's differ");
            }
        }

        foreach (var (earlier, later) in new[] { (Stage.Published, Stage.Consumed), (Stage.Posted, Stage.Acknowledged) })
        {
            if (stages.TryGetValue(earlier, out var first) && stages.TryGetValue(later, out var second) && first.P50 > Bound(second.P50))
            {
                yield return Invariant($"half of the records were {later} after {second.P50:0.000} s but {earlier} only after {first.P50:0.000} s");
            }
        }
    }

    /// <summary>What the counts contradict, one sentence each.</summary>
    /// <param name="accounting">What was counted.</param>
    /// <param name="input">What went in.</param>
    /// <param name="counted">Where it was counted, as <see cref="InTopics"/> or <see cref="InCursor"/> say.</param>
    /// <param name="skips">Whether lines may be missing, since a restart was told to skip.</param>
    public static IEnumerable<string> Miscounts(Accounting accounting, InputInfo input, string counted = InTopics, bool skips = false)
    {
        var differs = skips
            ? accounting.Records > input.Records || accounting.DeadLetters > input.DeadLetters
            : accounting.Records != input.Records || accounting.DeadLetters != input.DeadLetters;
        if (differs)
        {
            yield return Invariant(
                $"the input has {input.Lines} lines ({input.Records} records, {input.DeadLetters} dead letters), but {counted} {accounting.Records} records and {accounting.DeadLetters} dead letters");
        }

        if (accounting.Duplicates > 0)
        {
            yield return Invariant($"{accounting.Duplicates} records are in the topic more than once");
        }
    }

    /// <summary>What the lane did not take, one sentence each.</summary>
    /// <param name="ledger">What is in the topics.</param>
    public static IEnumerable<string> Losses(RecordLedger ledger)
    {
        if (ledger.LaneDeadLetters > 0)
        {
            yield return Invariant($"the lane sent {ledger.LaneDeadLetters} records to the dead letters: their headers in the dead letter topic say why");
        }

        if (ledger.Poisoned > 0)
        {
            yield return Invariant($"{ledger.Poisoned} records in the deltas topic are not deltas");
        }
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
