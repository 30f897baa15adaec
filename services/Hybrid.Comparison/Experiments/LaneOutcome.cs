using Hybrid.Comparison.Accounts;
using Hybrid.Comparison.Observer;
using Hybrid.Comparison.Processes;
using Hybrid.Contracts.Measurement;
using Hybrid.Contracts.Reports;
using Hybrid.Contracts.Reports.Experiments;
using Hybrid.Pipeline.Measurement;

namespace Hybrid.Comparison.Experiments;

/// <summary>Everything that was seen of one lane's run, and the report that it makes.</summary>
internal sealed record LaneOutcome
{
    /// <summary>The lane.</summary>
    public required string Lane { get; init; }

    /// <summary>When the first partition was due, wall time.</summary>
    public required DateTimeOffset FirstDue { get; init; }

    /// <summary>What the observer saw.</summary>
    public required IReadOnlyList<Sighting> Sightings { get; init; }

    /// <summary>Lag in records, seconds since the first due time.</summary>
    public required IReadOnlyList<CurvePoint> Lag { get; init; }

    /// <summary>The interval of micro-batch, seconds, over seconds since the first due time; empty for other lanes.</summary>
    public IReadOnlyList<CurvePoint> BatchInterval { get; init; } = [];

    /// <summary>The publisher's processes.</summary>
    public required ServiceFigures Publisher { get; init; }

    /// <summary>The lane's processes.</summary>
    public required ServiceFigures Service { get; init; }

    /// <summary>Processor time of the publisher before the first due time, core-seconds.</summary>
    public required double PublisherStartUpSeconds { get; init; }

    /// <summary>Processor time of the lane before the first due time, core-seconds.</summary>
    public required double ServiceStartUpSeconds { get; init; }

    /// <summary>What is in the topics; null when they could not be read.</summary>
    public required RecordLedger? Ledger { get; init; }

    /// <summary>The verdict on the index.</summary>
    public required TruthReport Truth { get; init; }

    /// <summary>The restarts made.</summary>
    public required IReadOnlyList<ExecutedRestart> Restarts { get; init; }

    /// <summary>What went wrong on the way.</summary>
    public required IReadOnlyList<string> Problems { get; init; }

    /// <summary>When the warm-up was over, wall time; null when there was none.</summary>
    public DateTimeOffset? MeasuredFrom { get; init; }

    /// <summary>Records of the input; 0 when that is not known.</summary>
    public long InputRecords { get; init; }

    /// <summary>Records due after the warm-up; 0 when that is not known.</summary>
    public long MeasuredRecords { get; init; }

    /// <summary>What the services had used and said when the warm-up was over; null when there was none.</summary>
    public WarmUpBaseline? WarmUp { get; init; }

    /// <summary>From the first due time until the lane had taken everything or gave up.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>Canaries that were never seen.</summary>
    public IReadOnlyList<Watched> Unseen { get; init; } = [];

    /// <summary>How often a document went back to an older version.</summary>
    public int Regressions { get; init; }

    /// <summary>How quiet the machine was.</summary>
    public NoiseReport Noise { get; init; } = new();

    /// <summary>Commits of Solr; null when it does not say.</summary>
    public long? SolrCommits { get; init; }

    /// <summary>The sandbox's processor time in the run, core-seconds; null when there is none.</summary>
    public double? StackCoreSeconds { get; init; }

    /// <summary>What was used at rest; null when it was not measured.</summary>
    public RestCost? Rest { get; init; }

    /// <summary>The fault made; null when there was none.</summary>
    public ExecutedFault? Fault { get; init; }

    /// <summary>What a restarted service did with what it missed; null when nobody was restarted.</summary>
    public string? Policy { get; init; }

    /// <summary>What was seen of the partitions after the warm-up.</summary>
    public IReadOnlyList<Sighting> Measured => MeasuredFrom is { } from ? [.. Sightings.Where(sighting => sighting.Due >= from)] : Sightings;

    /// <summary>What was due and not searchable.</summary>
    public Backlog Backlog => new(Sightings, Unseen, FirstDue);

    /// <summary>The services' stages after the warm-up, with their samples.</summary>
    public IEnumerable<KeyValuePair<string, LatencyHistogram>> StageHistograms() =>
        Publisher.Histograms(WarmUp?.Publisher).Concat(Service.Histograms(WarmUp?.Lane)).DistinctBy(stage => stage.Key);

    /// <summary>Makes the lane's report.</summary>
    /// <param name="input">What went in.</param>
    public LaneReport ToReport(InputInfo input)
    {
        var ledger = Ledger ?? new RecordLedger();
        var accounting = ledger.Account(input.Lines);
        var freshness = Distributions.Of(Measured.Select(sighting => sighting.Freshness));
        var stages = Stages(freshness);
        var interval = IndexObserver.Interval.TotalSeconds;
        IEnumerable<string> errors =
        [
            .. Problems,
            .. Verdicts.Miscounts(accounting, input, LaneCatalog.ReadsObjects(Lane) ? Verdicts.InCursor : Verdicts.InTopics, SkipsLines),
            .. Verdicts.Losses(ledger),
            .. ComparableStages ? Verdicts.Disagreements(stages, Measured, interval) : [],
        ];
        return new LaneReport
        {
            Name = Lane,
            FreshnessSeconds = freshness,
            Stages = stages,
            FreshnessCurve = Distributions.Curve(Measured.Select(sighting => sighting.Freshness)),
            Throughput = Throughput(ledger),
            Cost = Cost(ledger),
            Restarts = [.. Restarts.Select((restart, index) => Complete(restart, index, ledger, interval))],
            Truth = Truth,
            Accounting = accounting,
            Errors = [.. errors.Distinct()],
        };
    }

    /// <summary>
    /// Whether the services' stages and the observer's sightings are of the same records: a process that was killed took its last samples
    /// along, and its successor measured the replayed records a second time.
    /// </summary>
    private bool ComparableStages => Restarts.Count == 0 && Fault is null;

    /// <summary>Whether whoever reads the input's lines was told to skip: a lane that reads topics skips records that are counted all the same.</summary>
    private bool SkipsLines => Policy == SkippedByPolicy.Latest
        && (LaneCatalog.ReadsObjects(Lane) || Restarts.Any(restart => restart.Report.Target == RestartStep.Publisher));

    private Dictionary<string, Distribution> Stages(Distribution? freshness)
    {
        var stages = new Dictionary<string, Distribution>();
        foreach (var (name, histogram) in StageHistograms())
        {
            stages.TryAdd(name, ServiceFigures.Of(histogram));
        }

        if (freshness is not null)
        {
            stages[Stage.Searchable] = freshness;
        }

        return stages;
    }

    private Throughput Throughput(RecordLedger ledger)
    {
        var seconds = Sightings.Count == 0 ? 0 : (Sightings.Max(sighting => sighting.SeenAt) - FirstDue).TotalSeconds;
        return new Throughput
        {
            Records = Service.Counter(Instruments.RecordsConsumed) ?? 0,
            RecordsPerSecond = seconds > 0 && ledger.Records > 0 ? ledger.Records / seconds : null,
            Lag = Distributions.Thin(Lag),
            BatchInterval = Changes.Of(BatchInterval),
        };
    }

    private Hybrid.Contracts.Reports.Cost Cost(RecordLedger ledger)
    {
        double? used = Service.PeakMemoryBytes is null ? null : Math.Max(0, Service.CpuSeconds - ServiceStartUpSeconds);
        return new Hybrid.Contracts.Reports.Cost
        {
            CoreSeconds = used,
            CoreSecondsPerMillionRecords = PerMillion(used, ledger),
            PublisherCoreSeconds = Publisher.PeakMemoryBytes is null ? null : Math.Max(0, Publisher.CpuSeconds - PublisherStartUpSeconds),
            PeakMemoryBytes = Service.PeakMemoryBytes,
            PublisherPeakMemoryBytes = Publisher.PeakMemoryBytes,
            KafkaRequests = Service.Counter(Instruments.KafkaRequests),
            KafkaRecords = Ledger is null || LaneCatalog.ReadsObjects(Lane) ? null : ledger.Records + ledger.DeadLetters + ledger.LaneDeadLetters,
            KafkaBytesReceived = Service.Counter(Instruments.KafkaBytesReceived),
            ObjectStoreRequests = Sum(Publisher.Counter(Instruments.StoreRequests), Service.Counter(Instruments.StoreRequests)),
            SolrRequests = Service.Counter(Instruments.SolrRequests),
            SolrDocuments = Service.Counter(Instruments.SolrDocuments),
            SolrBytesSent = Service.Counter(Instruments.SolrBytesSent),
            SolrCommits = SolrCommits,
            StackCoreSeconds = StackCoreSeconds,
            OffsetCommits = Service.Counter(Instruments.OffsetCommits),
        };
    }

    /// <summary>After the warm-up, where there was one and its end was seen; otherwise over the whole run.</summary>
    private double? PerMillion(double? used, RecordLedger ledger) =>
        WarmUp is { } baseline && MeasuredRecords > 0 && Service.PeakMemoryBytes is not null
            ? Math.Max(0, Service.CpuSeconds - baseline.LaneCpuSeconds) / MeasuredRecords * 1e6
            : ledger.Records > 0 ? used / ledger.Records * 1e6 : null;

    private RestartReport Complete(ExecutedRestart restart, int index, RecordLedger ledger, double interval)
    {
        var until = index + 1 < Restarts.Count ? Restarts[index + 1].Signalled : DateTimeOffset.MaxValue;
        var ofLane = restart.Report.Target == Lane;
        var report = restart.Report with
        {
            Policy = Policy,
            BacklogRecords = restart.Report.DowntimeSeconds is { } downtime
                ? (long)Math.Round(Backlog.At((restart.Signalled - FirstDue).TotalSeconds + downtime))
                : null,
            Replayed = ofLane ? Replayed(ledger) : null,
            Skipped = Policy is null ? null : ofLane && !LaneCatalog.ReadsObjects(Lane) ? Service.Counter(Instruments.RecordsSkipped) : Unread(ledger),
            Lost = Truth.Missing + Truth.Stale,
            Duplicated = Ledger is null ? null : ledger.Duplicates,
            Converged = Truth.Converged,
        };
        return RestartEffect.Complete(report, Restarts[0].Signalled, restart.Signalled, until, Measured, interval);
    }

    /// <summary>
    /// What the lane's processes took beyond what is in the topic; null when several restarts share it. A killed process's last status
    /// lacks what it took after writing it, so this may be a little too low.
    /// </summary>
    private long? Replayed(RecordLedger ledger) =>
        Ledger is not null && Restarts.Count(restart => restart.Report.Target == Lane) == 1 && Service.Counter(Instruments.RecordsConsumed) is { } consumed
            ? Math.Max(0, consumed - ledger.Records)
            : null;

    /// <summary>Records that whoever reads the input never counted; null when its counts could not be read.</summary>
    private long? Unread(RecordLedger ledger) => Ledger is null ? null : Math.Max(0, InputRecords - ledger.Records);

    private static long? Sum(long? left, long? right) => left is null && right is null ? null : (left ?? 0) + (right ?? 0);
}
