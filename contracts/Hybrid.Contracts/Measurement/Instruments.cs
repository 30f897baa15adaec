namespace Hybrid.Contracts.Measurement;

/// <summary>
/// The instruments' names (OpenTelemetry style, meter <see cref="MeterName"/>). Durations are in seconds of wall time.
/// <c>freshness.*</c> histograms are measured from the time the record's partition was due to close.
/// </summary>
public static class Instruments
{
    /// <summary>The meter that all instruments belong to.</summary>
    public const string MeterName = "Hybrid";

    /// <summary>Lines read from objects.</summary>
    public const string LinesRead = "hybrid.publisher.lines";

    /// <summary>Records published (control records left out).</summary>
    public const string RecordsPublished = "hybrid.publisher.records";

    /// <summary>Lines sent to the dead letters.</summary>
    public const string DeadLetters = "hybrid.dead_letters";

    /// <summary>Partitions published whole.</summary>
    public const string PartitionsPublished = "hybrid.publisher.partitions";

    /// <summary>Partitions skipped by a <c>latest</c> restart.</summary>
    public const string PartitionsSkipped = "hybrid.publisher.partitions_skipped";

    /// <summary>Objects published after their partition was done.</summary>
    public const string LateObjects = "hybrid.publisher.late_objects";

    /// <summary>Objects published again because another took their key.</summary>
    public const string ReplacedObjects = "hybrid.publisher.replaced_objects";

    /// <summary>Objects found that were not published yet as they are, each once in the life of the process.</summary>
    public const string ObjectsDiscovered = "hybrid.publisher.objects_discovered";

    /// <summary>Objects published whole, replaced ones each time.</summary>
    public const string ObjectsPublished = "hybrid.publisher.objects";

    /// <summary>Objects found to be deleted after they were published, wholly or in part.</summary>
    public const string DeletedObjects = "hybrid.publisher.deleted_objects";

    /// <summary>Bytes of the records' values published.</summary>
    public const string BytesPublished = "hybrid.publisher.bytes";

    /// <summary>Objects found among the partitions that are in none of them, each once: of another layout, or off the grid of the period.</summary>
    public const string ObjectsPassedOver = "hybrid.publisher.objects_passed_over";

    /// <summary>Looks at the overlap window and what is due.</summary>
    public const string Listings = "hybrid.publisher.listings";

    /// <summary>Objects that those looks showed, each time.</summary>
    public const string ObjectsListed = "hybrid.publisher.objects_listed";

    /// <summary>Time of one look.</summary>
    public const string ListingDuration = "hybrid.publisher.listing_duration";

    /// <summary>How long after its partition was due a late object was published.</summary>
    public const string Lateness = "hybrid.publisher.lateness";

    /// <summary>Partitions that are due and not published (gauge).</summary>
    public const string PublisherLagPartitions = "hybrid.publisher.lag_partitions";

    /// <summary>For how long the first partition that is not published has been due, seconds of wall time (gauge).</summary>
    public const string PublisherLagSeconds = "hybrid.publisher.lag_seconds";

    /// <summary>Event time up to which the publisher has published everything of its shard, in seconds since 1970-01-01T00:00:00Z (gauge).</summary>
    public const string PublisherWatermark = "hybrid.publisher.watermark";

    /// <summary>
    /// How far this machine's clock or the object store's, whichever is farther, is from the time that the publisher goes by, seconds (gauge).
    /// </summary>
    public const string PublisherClockDisagreement = "hybrid.publisher.clock_disagreement";

    /// <summary>Kafka transactions committed.</summary>
    public const string Transactions = "hybrid.publisher.transactions";

    /// <summary>Requests to Kafka brokers, all kinds.</summary>
    public const string KafkaRequests = "hybrid.kafka.requests";

    /// <summary>Bytes sent to Kafka brokers.</summary>
    public const string KafkaBytesSent = "hybrid.kafka.bytes_sent";

    /// <summary>Bytes received from Kafka brokers.</summary>
    public const string KafkaBytesReceived = "hybrid.kafka.bytes_received";

    /// <summary>Requests to the object store, all kinds.</summary>
    public const string StoreRequests = "hybrid.object_store.requests";

    /// <summary>Bytes read from the object store.</summary>
    public const string StoreBytesRead = "hybrid.object_store.bytes_read";

    /// <summary>Connections that broke in the middle of an object, whose rest was then asked for.</summary>
    public const string StoreResumes = "hybrid.object_store.resumes";

    /// <summary>Update requests to Solr, retries included.</summary>
    public const string SolrRequests = "hybrid.solr.requests";

    /// <summary>Documents sent to Solr, retries included.</summary>
    public const string SolrDocuments = "hybrid.solr.documents";

    /// <summary>Bytes sent to Solr.</summary>
    public const string SolrBytesSent = "hybrid.solr.bytes_sent";

    /// <summary>Update requests that were tried again.</summary>
    public const string SolrRetries = "hybrid.solr.retries";

    /// <summary>Records a lane took from Kafka (control records left out).</summary>
    public const string RecordsConsumed = "hybrid.lane.records";

    /// <summary>Records a lane left out because a newer one of the same document was in the same batch.</summary>
    public const string RecordsCompacted = "hybrid.lane.records_compacted";

    /// <summary>States of signals written: a document's counts over the window, each time they changed.</summary>
    public const string SignalStates = "hybrid.lane.signal_states";

    /// <summary>Records a lane let pass unread: signals, in lanes without windows.</summary>
    public const string RecordsIgnored = "hybrid.lane.records_ignored";

    /// <summary>Records consumed again after a restart, by offset.</summary>
    public const string RecordsReplayed = "hybrid.lane.records_replayed";

    /// <summary>Offsets that a <c>latest</c> restart passed over, transaction markers included.</summary>
    public const string RecordsSkipped = "hybrid.lane.records_skipped";

    /// <summary>Batches that were written because their interval was over.</summary>
    public const string BatchesByInterval = "hybrid.lane.batches.by_interval";

    /// <summary>Batches that were written because they held the most records that one may.</summary>
    public const string BatchesByRecords = "hybrid.lane.batches.by_records";

    /// <summary>Batches that were written because they held the most bytes that one may.</summary>
    public const string BatchesByBytes = "hybrid.lane.batches.by_bytes";

    /// <summary>Batches that were written because the lane stopped or lost partitions.</summary>
    public const string BatchesByDrain = "hybrid.lane.batches.by_drain";

    /// <summary>Batches that were written because everything that was available at the start was taken.</summary>
    public const string BatchesByAvailableNow = "hybrid.lane.batches.by_available_now";

    /// <summary>Records and states of signals in a batch: of micro-batch one batch, of streaming one request (histogram).</summary>
    public const string BatchSize = "hybrid.lane.batch_size";

    /// <summary>From the first record of a batch taken from Kafka to the batch acknowledged.</summary>
    public const string BatchLatency = "hybrid.lane.batch_latency";

    /// <summary>From a record taken from Kafka to it acknowledged: written, superseded within its batch, or a dead letter.</summary>
    public const string RecordLatency = "hybrid.lane.record_latency";

    /// <summary>Batches that could not be written for good, which stops the lane; their records are read again.</summary>
    public const string BatchFailures = "hybrid.lane.batch_failures";

    /// <summary>Batches of which Solr refused some documents and took the others.</summary>
    public const string PartialFailures = "hybrid.lane.partial_failures";

    /// <summary>Records written to the commit log.</summary>
    public const string CommitLogRecords = "hybrid.lane.commit_log.records";

    /// <summary>Records that the commit log did not take: those batches are written and not told of.</summary>
    public const string CommitLogFailures = "hybrid.lane.commit_log.failures";

    /// <summary>The interval of micro-batch now, seconds (gauge); it moves where a freshness target is set.</summary>
    public const string BatchInterval = "hybrid.lane.batch_interval";

    /// <summary>Bytes of Kafka values not yet acknowledged by Solr (gauge).</summary>
    public const string InFlightBytes = "hybrid.lane.in_flight_bytes";

    /// <summary>
    /// For how long the oldest record that is not acknowledged has been in the topic, seconds (gauge); 0 when there is none. A record that
    /// was not taken yet counts as old as the last one taken.
    /// </summary>
    public const string LagSeconds = "hybrid.lane.lag_seconds";

    /// <summary>Event time up to which the lane has taken everything, in seconds since 1970-01-01T00:00:00Z (gauge).</summary>
    public const string LaneWatermark = "hybrid.lane.watermark";

    /// <summary>Batches written (micro-batch).</summary>
    public const string Batches = "hybrid.lane.batches";

    /// <summary>streamiz: records that the tasks' state stores hold for their windows, signals and control records (gauge).</summary>
    public const string WindowEntries = "hybrid.streamiz.window_entries";

    /// <summary>streamiz: records read from state stores when tasks made their windows of them.</summary>
    public const string WindowRebuiltEntries = "hybrid.streamiz.window_rebuilt_entries";

    /// <summary>streamiz: how long a task took to make its window of its state store.</summary>
    public const string WindowRebuildDuration = "hybrid.streamiz.window_rebuild_duration";

    /// <summary>Offset commits.</summary>
    public const string OffsetCommits = "hybrid.lane.commits";

    /// <summary>Records not yet acknowledged by Solr (gauge).</summary>
    public const string InFlight = "hybrid.lane.in_flight";

    /// <summary>Objects that a lane without Kafka read, those that it read before too.</summary>
    public const string LaneObjects = "hybrid.lane.objects";

    /// <summary>Lines that a lane without Kafka read from objects, those that it read before too.</summary>
    public const string LaneLines = "hybrid.lane.lines";

    /// <summary>Partitions that are due and not indexed yet, and objects found and not indexed yet, by a lane without Kafka (gauge).</summary>
    public const string LagPartitions = "hybrid.lane.lag_partitions";

    /// <summary>Records between the committed offset and the end of the log (gauge).</summary>
    public const string LagRecords = "hybrid.lane.lag_records";

    /// <summary>From due to landed in the object store.</summary>
    public const string FreshnessLanded = "hybrid.freshness.landed";

    /// <summary>From due to found by the publisher.</summary>
    public const string FreshnessDiscovered = "hybrid.freshness.discovered";

    /// <summary>From due to written to Kafka.</summary>
    public const string FreshnessPublished = "hybrid.freshness.published";

    /// <summary>From due to taken by the lane.</summary>
    public const string FreshnessConsumed = "hybrid.freshness.consumed";

    /// <summary>From due to posted to Solr.</summary>
    public const string FreshnessPosted = "hybrid.freshness.posted";

    /// <summary>From due to acknowledged by Solr.</summary>
    public const string FreshnessAcknowledged = "hybrid.freshness.acknowledged";

    /// <summary>Round trip of one update request.</summary>
    public const string SolrRequestDuration = "hybrid.solr.request_duration";

    /// <summary>Time of one Kafka transaction, begin to commit.</summary>
    public const string TransactionDuration = "hybrid.publisher.transaction_duration";
}
