using Hybrid.Pipeline.Avro;
using Hybrid.Pipeline.Lanes;
using Hybrid.Pipeline.Measurement;
using Hybrid.Pipeline.Windows;
using Hybrid.Streamiz.Stores;
using Hybrid.Streamiz.Windows;

namespace Hybrid.Streamiz;

/// <summary>What the tasks of a lane share.</summary>
/// <param name="Sink">Where writes go.</param>
/// <param name="Decoders">Gives each task a decoder of its own.</param>
/// <param name="Window">The window that signals are counted over.</param>
/// <param name="StateStore">Where a task keeps its window.</param>
/// <param name="Stores">Told of every store.</param>
/// <param name="Positions">Told how far each task has come.</param>
/// <param name="WindowMetrics">Told of the windows.</param>
/// <param name="Freshness">Told when records are taken.</param>
/// <param name="Metrics">Counts records.</param>
/// <param name="Time">Says how long a record took.</param>
internal sealed record TaskParts(
    DeltaSink Sink,
    Func<IDeltaDecoder> Decoders,
    WindowOptions Window,
    StreamizStateStore StateStore,
    OpenStores Stores,
    StreamPositions Positions,
    WindowMetrics WindowMetrics,
    LaneFreshness Freshness,
    HybridMetrics Metrics,
    TimeProvider Time);
