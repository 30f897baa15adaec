using Hybrid.Pipeline.Avro;
using Hybrid.Pipeline.Hosting;
using Hybrid.Pipeline.Kafka;
using Hybrid.Pipeline.Lanes;
using Hybrid.Pipeline.Measurement;
using Hybrid.Pipeline.Solr;
using Hybrid.Pipeline.Windows;
using Microsoft.Extensions.Logging;

namespace Hybrid.Lanes.Consuming;

/// <summary>What a lane is made of.</summary>
internal sealed record LaneParts(
    LaneOptions Options,
    SolrOptions SolrOptions,
    WindowOptions WindowOptions,
    KafkaClients Kafka,
    IDeltaDecoder Decoder,
    SolrAdmin SolrAdmin,
    BatchWriter Writer,
    LaneDeadLetters DeadLetters,
    LaneFreshness Freshness,
    HybridMetrics Metrics,
    EventClock Clock,
    TimeProvider Time,
    ILoggerFactory Loggers);
