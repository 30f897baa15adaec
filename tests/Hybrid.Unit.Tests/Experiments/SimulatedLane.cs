using Hybrid.Comparison.Accounts;
using Hybrid.Comparison.Experiments;
using Hybrid.Comparison.Observer;
using Hybrid.Comparison.Processes;
using Hybrid.Contracts.Reports;

namespace Hybrid.Unit.Tests.Experiments;

/// <summary>A lane whose canaries become searchable at known times, watched in virtual time by the board as the observer drives it.</summary>
internal static class SimulatedLane
{
    public static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(200);

    private const int CanariesPerPartition = 5;
    private const double RecordsPerCanary = 20;

    /// <summary>Watches the lane to its end.</summary>
    /// <param name="partitions">How many partitions are due, one a pace.</param>
    /// <param name="visibleAfter">Due to searchable, by partition and canary; null for one that never is.</param>
    /// <param name="put">When a partition's object is put, after its due time; null for on time.</param>
    public static LaneOutcome Watch(int partitions, Func<int, int, TimeSpan?> visibleAfter, Func<int, TimeSpan>? put = null)
    {
        var canaries = (
            from partition in Enumerable.Range(0, partitions)
            from canary in Enumerable.Range(0, CanariesPerPartition)
            let due = Start + (partition * Pace)
            let document = $"canary-{partition}-{canary}"
            select (Watched: new Watched(new Canary(document, 1, RecordsPerCanary), due, due), VisibleAt: due + visibleAfter(partition, canary), Put: put?.Invoke(partition) ?? TimeSpan.Zero))
            .ToArray();
        var board = new CanaryBoard(canaries.Select(canary => canary.Watched));
        var end = Start + (partitions * Pace) + TimeSpan.FromSeconds(20);
        for (var now = Start; now < end; now += IndexObserver.Interval)
        {
            foreach (var wanted in board.Wanted(now, canaries.Length))
            {
                var canary = canaries.Single(one => one.Watched.Canary.DocumentId == wanted);
                if (canary.VisibleAt + canary.Put <= now)
                {
                    board.Show(wanted, 1, now);
                }
            }
        }

        return Outcome(board, partitions);
    }

    public static InputInfo Input(int partitions) => new()
    {
        Source = "simulated",
        Partitions = partitions,
        Objects = partitions,
        Lines = partitions * 100,
        Records = partitions * 100,
        DeadLetters = 0,
        Documents = partitions * 100,
        FirstPartition = "a",
        LastPartition = "z",
    };

    private static LaneOutcome Outcome(CanaryBoard board, int partitions)
    {
        var ledger = new RecordLedger();
        ledger.Take(partitions * 100, 0);
        return new LaneOutcome
        {
            Lane = "streaming",
            FirstDue = Start,
            Sightings = board.Sightings,
            Unseen = board.Unseen,
            Duration = partitions * Pace,
            Lag = [],
            Publisher = new ServiceFigures([]),
            Service = new ServiceFigures([new ProcessRecord(4, 10, null)]),
            PublisherStartUpSeconds = 0,
            ServiceStartUpSeconds = 1,
            Ledger = ledger,
            Truth = new TruthReport { Converged = true, Missing = 0, Stale = 0, Extra = 0, Documents = 2 },
            Restarts = [],
            Problems = [],
        };
    }
}
