using Hybrid.Pipeline.Avro;
using Hybrid.Pipeline.Hosting;
using Hybrid.Pipeline.Kafka;
using Hybrid.Pipeline.Lanes;
using Hybrid.Pipeline.Measurement;
using Hybrid.Pipeline.Solr;
using Hybrid.Pipeline.Windows;
using Microsoft.Extensions.Logging;

namespace Hybrid.Streamiz;

/// <summary>What the lane is made of.</summary>
internal sealed record StreamizParts(
    StreamizOptions Options,
    LaneOptions Lane,
    KafkaOptions KafkaOptions,
    SolrOptions SolrOptions,
    WindowOptions Window,
    KafkaClients Kafka,
    Func<IDeltaDecoder> Decoders,
    SolrAdmin SolrAdmin,
    BatchWriter Writer,
    LaneDeadLetters DeadLetters,
    LaneFreshness Freshness,
    HybridMetrics Metrics,
    EventClock Clock,
    TimeProvider Time,
    ILoggerFactory Loggers);
