using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Hybrid.Contracts.Measurement;

namespace Hybrid.Pipeline.Measurement;

/// <summary>A service's instruments, all of the meter <see cref="Instruments.MeterName"/>. Histograms take seconds.</summary>
public sealed class HybridMetrics : IDisposable
{
    private static readonly double[] FreshnessEdges =
        [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600];

    private static readonly long[] SizeEdges = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 50_000, 100_000];

    private readonly List<StageHistogram> _stages = [];
    private readonly ConcurrentDictionary<string, GaugeCell> _gauges = new(StringComparer.Ordinal);

    /// <summary>Makes the instruments.</summary>
    public HybridMetrics()
    {
        LinesRead = Counter(Instruments.LinesRead, "{line}");
        RecordsPublished = Counter(Instruments.RecordsPublished, "{record}");
        DeadLetters = Counter(Instruments.DeadLetters, "{record}");
        PartitionsPublished = Counter(Instruments.PartitionsPublished, "{partition}");
        PartitionsSkipped = Counter(Instruments.PartitionsSkipped, "{partition}");
        LateObjects = Counter(Instruments.LateObjects, "{object}");
        ReplacedObjects = Counter(Instruments.ReplacedObjects, "{object}");
        ObjectsDiscovered = Counter(Instruments.ObjectsDiscovered, "{object}");
        ObjectsPublished = Counter(Instruments.ObjectsPublished, "{object}");
        DeletedObjects = Counter(Instruments.DeletedObjects, "{object}");
        BytesPublished = Counter(Instruments.BytesPublished, "By");
        ObjectsPassedOver = Counter(Instruments.ObjectsPassedOver, "{object}");
        Listings = Counter(Instruments.Listings, "{listing}");
        ObjectsListed = Counter(Instruments.ObjectsListed, "{object}");
        ListingDuration = Histogram(Instruments.ListingDuration);
        Lateness = Histogram(Instruments.Lateness);
        Transactions = Counter(Instruments.Transactions, "{transaction}");
        KafkaRequests = Counter(Instruments.KafkaRequests, "{request}");
        KafkaBytesSent = Counter(Instruments.KafkaBytesSent, "By");
        KafkaBytesReceived = Counter(Instruments.KafkaBytesReceived, "By");
        StoreRequests = Counter(Instruments.StoreRequests, "{request}");
        StoreBytesRead = Counter(Instruments.StoreBytesRead, "By");
        StoreResumes = Counter(Instruments.StoreResumes, "{connection}");
        SolrRequests = Counter(Instruments.SolrRequests, "{request}");
        SolrDocuments = Counter(Instruments.SolrDocuments, "{document}");
        SolrBytesSent = Counter(Instruments.SolrBytesSent, "By");
        SolrRetries = Counter(Instruments.SolrRetries, "{request}");
        RecordsConsumed = Counter(Instruments.RecordsConsumed, "{record}");
        RecordsCompacted = Counter(Instruments.RecordsCompacted, "{record}");
        SignalStates = Counter(Instruments.SignalStates, "{document}");
        RecordsIgnored = Counter(Instruments.RecordsIgnored, "{record}");
        RecordsReplayed = Counter(Instruments.RecordsReplayed, "{record}");
        RecordsSkipped = Counter(Instruments.RecordsSkipped, "{record}");
        BatchesByInterval = Counter(Instruments.BatchesByInterval, "{batch}");
        BatchesByRecords = Counter(Instruments.BatchesByRecords, "{batch}");
        BatchesByBytes = Counter(Instruments.BatchesByBytes, "{batch}");
        BatchesByDrain = Counter(Instruments.BatchesByDrain, "{batch}");
        BatchesByAvailableNow = Counter(Instruments.BatchesByAvailableNow, "{batch}");
        BatchFailures = Counter(Instruments.BatchFailures, "{batch}");
        PartialFailures = Counter(Instruments.PartialFailures, "{batch}");
        CommitLogRecords = Counter(Instruments.CommitLogRecords, "{record}");
        CommitLogFailures = Counter(Instruments.CommitLogFailures, "{record}");
        BatchSize = Meter.CreateHistogram(
            Instruments.BatchSize, "{item}", null, null, new InstrumentAdvice<long> { HistogramBucketBoundaries = SizeEdges });
        BatchLatency = Histogram(Instruments.BatchLatency);
        RecordLatency = Stage(Instruments.RecordLatency);
        Batches = Counter(Instruments.Batches, "{batch}");
        WindowRebuiltEntries = Counter(Instruments.WindowRebuiltEntries, "{record}");
        WindowRebuildDuration = Histogram(Instruments.WindowRebuildDuration);
        OffsetCommits = Counter(Instruments.OffsetCommits, "{commit}");
        LaneObjects = Counter(Instruments.LaneObjects, "{object}");
        LaneLines = Counter(Instruments.LaneLines, "{line}");
        FreshnessLanded = Stage(Instruments.FreshnessLanded);
        FreshnessDiscovered = Stage(Instruments.FreshnessDiscovered);
        FreshnessPublished = Stage(Instruments.FreshnessPublished);
        FreshnessConsumed = Stage(Instruments.FreshnessConsumed);
        FreshnessPosted = Stage(Instruments.FreshnessPosted);
        FreshnessAcknowledged = Stage(Instruments.FreshnessAcknowledged);
        SolrRequestDuration = Histogram(Instruments.SolrRequestDuration);
        TransactionDuration = Histogram(Instruments.TransactionDuration);
    }

    /// <summary>The meter, for an exporter or a listener.</summary>
    public Meter Meter { get; } = new(Instruments.MeterName);

    /// <summary><see cref="Instruments.LinesRead"/>.</summary>
    public Counter<long> LinesRead { get; }

    /// <summary><see cref="Instruments.RecordsPublished"/>.</summary>
    public Counter<long> RecordsPublished { get; }

    /// <summary><see cref="Instruments.DeadLetters"/>.</summary>
    public Counter<long> DeadLetters { get; }

    /// <summary><see cref="Instruments.PartitionsPublished"/>.</summary>
    public Counter<long> PartitionsPublished { get; }

    /// <summary><see cref="Instruments.PartitionsSkipped"/>.</summary>
    public Counter<long> PartitionsSkipped { get; }

    /// <summary><see cref="Instruments.LateObjects"/>.</summary>
    public Counter<long> LateObjects { get; }

    /// <summary><see cref="Instruments.ReplacedObjects"/>.</summary>
    public Counter<long> ReplacedObjects { get; }

    /// <summary><see cref="Instruments.ObjectsDiscovered"/>.</summary>
    public Counter<long> ObjectsDiscovered { get; }

    /// <summary><see cref="Instruments.ObjectsPublished"/>.</summary>
    public Counter<long> ObjectsPublished { get; }

    /// <summary><see cref="Instruments.DeletedObjects"/>.</summary>
    public Counter<long> DeletedObjects { get; }

    /// <summary><see cref="Instruments.BytesPublished"/>.</summary>
    public Counter<long> BytesPublished { get; }

    /// <summary><see cref="Instruments.ObjectsPassedOver"/>.</summary>
    public Counter<long> ObjectsPassedOver { get; }

    /// <summary><see cref="Instruments.Listings"/>.</summary>
    public Counter<long> Listings { get; }

    /// <summary><see cref="Instruments.ObjectsListed"/>.</summary>
    public Counter<long> ObjectsListed { get; }

    /// <summary><see cref="Instruments.ListingDuration"/>.</summary>
    public Histogram<double> ListingDuration { get; }

    /// <summary><see cref="Instruments.Lateness"/>.</summary>
    public Histogram<double> Lateness { get; }

    /// <summary><see cref="Instruments.Transactions"/>.</summary>
    public Counter<long> Transactions { get; }

    /// <summary><see cref="Instruments.KafkaRequests"/>.</summary>
    public Counter<long> KafkaRequests { get; }

    /// <summary><see cref="Instruments.KafkaBytesSent"/>.</summary>
    public Counter<long> KafkaBytesSent { get; }

    /// <summary><see cref="Instruments.KafkaBytesReceived"/>.</summary>
    public Counter<long> KafkaBytesReceived { get; }

    /// <summary><see cref="Instruments.StoreRequests"/>.</summary>
    public Counter<long> StoreRequests { get; }

    /// <summary><see cref="Instruments.StoreBytesRead"/>.</summary>
    public Counter<long> StoreBytesRead { get; }

    /// <summary><see cref="Instruments.StoreResumes"/>.</summary>
    public Counter<long> StoreResumes { get; }

    /// <summary><see cref="Instruments.SolrRequests"/>.</summary>
    public Counter<long> SolrRequests { get; }

    /// <summary><see cref="Instruments.SolrDocuments"/>.</summary>
    public Counter<long> SolrDocuments { get; }

    /// <summary><see cref="Instruments.SolrBytesSent"/>.</summary>
    public Counter<long> SolrBytesSent { get; }

    /// <summary><see cref="Instruments.SolrRetries"/>.</summary>
    public Counter<long> SolrRetries { get; }

    /// <summary><see cref="Instruments.RecordsConsumed"/>.</summary>
    public Counter<long> RecordsConsumed { get; }

    /// <summary><see cref="Instruments.RecordsCompacted"/>.</summary>
    public Counter<long> RecordsCompacted { get; }

    /// <summary><see cref="Instruments.SignalStates"/>.</summary>
    public Counter<long> SignalStates { get; }

    /// <summary><see cref="Instruments.RecordsIgnored"/>.</summary>
    public Counter<long> RecordsIgnored { get; }

    /// <summary><see cref="Instruments.RecordsReplayed"/>.</summary>
    public Counter<long> RecordsReplayed { get; }

    /// <summary><see cref="Instruments.RecordsSkipped"/>.</summary>
    public Counter<long> RecordsSkipped { get; }

    /// <summary><see cref="Instruments.BatchesByInterval"/>.</summary>
    public Counter<long> BatchesByInterval { get; }

    /// <summary><see cref="Instruments.BatchesByRecords"/>.</summary>
    public Counter<long> BatchesByRecords { get; }

    /// <summary><see cref="Instruments.BatchesByBytes"/>.</summary>
    public Counter<long> BatchesByBytes { get; }

    /// <summary><see cref="Instruments.BatchesByDrain"/>.</summary>
    public Counter<long> BatchesByDrain { get; }

    /// <summary><see cref="Instruments.BatchesByAvailableNow"/>.</summary>
    public Counter<long> BatchesByAvailableNow { get; }

    /// <summary><see cref="Instruments.BatchFailures"/>.</summary>
    public Counter<long> BatchFailures { get; }

    /// <summary><see cref="Instruments.PartialFailures"/>.</summary>
    public Counter<long> PartialFailures { get; }

    /// <summary><see cref="Instruments.CommitLogRecords"/>.</summary>
    public Counter<long> CommitLogRecords { get; }

    /// <summary><see cref="Instruments.CommitLogFailures"/>.</summary>
    public Counter<long> CommitLogFailures { get; }

    /// <summary><see cref="Instruments.BatchSize"/>.</summary>
    public Histogram<long> BatchSize { get; }

    /// <summary><see cref="Instruments.BatchLatency"/>.</summary>
    public Histogram<double> BatchLatency { get; }

    /// <summary><see cref="Instruments.RecordLatency"/>.</summary>
    public StageHistogram RecordLatency { get; }

    /// <summary><see cref="Instruments.Batches"/>.</summary>
    public Counter<long> Batches { get; }

    /// <summary><see cref="Instruments.WindowRebuiltEntries"/>.</summary>
    public Counter<long> WindowRebuiltEntries { get; }

    /// <summary><see cref="Instruments.WindowRebuildDuration"/>.</summary>
    public Histogram<double> WindowRebuildDuration { get; }

    /// <summary><see cref="Instruments.OffsetCommits"/>.</summary>
    public Counter<long> OffsetCommits { get; }

    /// <summary><see cref="Instruments.LaneObjects"/>.</summary>
    public Counter<long> LaneObjects { get; }

    /// <summary><see cref="Instruments.LaneLines"/>.</summary>
    public Counter<long> LaneLines { get; }

    /// <summary><see cref="Instruments.FreshnessLanded"/>.</summary>
    public StageHistogram FreshnessLanded { get; }

    /// <summary><see cref="Instruments.FreshnessDiscovered"/>.</summary>
    public StageHistogram FreshnessDiscovered { get; }

    /// <summary><see cref="Instruments.FreshnessPublished"/>.</summary>
    public StageHistogram FreshnessPublished { get; }

    /// <summary><see cref="Instruments.FreshnessConsumed"/>.</summary>
    public StageHistogram FreshnessConsumed { get; }

    /// <summary><see cref="Instruments.FreshnessPosted"/>.</summary>
    public StageHistogram FreshnessPosted { get; }

    /// <summary><see cref="Instruments.FreshnessAcknowledged"/>.</summary>
    public StageHistogram FreshnessAcknowledged { get; }

    /// <summary><see cref="Instruments.SolrRequestDuration"/>.</summary>
    public Histogram<double> SolrRequestDuration { get; }

    /// <summary><see cref="Instruments.TransactionDuration"/>.</summary>
    public Histogram<double> TransactionDuration { get; }

    /// <summary>The histograms of the stages that records pass.</summary>
    public IReadOnlyList<StageHistogram> Stages => _stages;

    /// <summary>Sets a gauge's value.</summary>
    /// <param name="name">One of <see cref="Instruments"/>.</param>
    /// <param name="value">The value now.</param>
    /// <param name="unit">Its unit (UCUM); the first call's counts.</param>
    public void SetGauge(string name, double value, string? unit = null) =>
        _gauges.GetOrAdd(name, static (key, made) => new GaugeCell(made.Meter, key, made.unit), (Meter, unit)).Value = value;

    /// <summary>The gauges' values now.</summary>
    public IEnumerable<KeyValuePair<string, double>> GaugeValues => _gauges.Select(pair => KeyValuePair.Create(pair.Key, pair.Value.Value));

    /// <inheritdoc/>
    public void Dispose() => Meter.Dispose();

    private Counter<long> Counter(string name, string unit) => Meter.CreateCounter<long>(name, unit);

    private StageHistogram Stage(string name)
    {
        var stage = new StageHistogram(Histogram(name));
        _stages.Add(stage);
        return stage;
    }

    private Histogram<double> Histogram(string name) =>
        Meter.CreateHistogram(name, "s", null, null, new InstrumentAdvice<double> { HistogramBucketBoundaries = FreshnessEdges });

    private sealed class GaugeCell
    {
        private double _value;

        public GaugeCell(Meter meter, string name, string? unit) => meter.CreateObservableGauge(name, () => Value, unit);

        public double Value
        {
            get => Volatile.Read(ref _value);
            set => Volatile.Write(ref _value, value);
        }
    }
}
