using Hybrid.Contracts.Partitions;
using Hybrid.Pipeline.Discovery;
using Hybrid.Pipeline.Formats;
using Hybrid.Pipeline.Hosting;
using Hybrid.Pipeline.Lanes;
using Hybrid.Pipeline.Lines;
using Hybrid.Pipeline.Measurement;
using Hybrid.Pipeline.ObjectStore;
using Hybrid.Pipeline.Progress;
using Hybrid.Pipeline.Solr;
using Hybrid.Pipeline.Windows;
using Microsoft.Extensions.Logging;

namespace Hybrid.Lanes.Objects;

/// <summary>What a lane is made of that reads the object store itself.</summary>
internal sealed record ObjectLaneParts(
    LaneOptions Lane,
    ObjectLaneOptions Objects,
    SourceOptions Source,
    WindowOptions Window,
    SolrOptions SolrOptions,
    ObjectStoreOptions StoreOptions,
    IObjectStore Store,
    SolrAdmin SolrAdmin,
    SolrReader SolrReader,
    ISolrWriter SolrWriter,
    LaneFreshness Freshness,
    HybridMetrics Metrics,
    HybridTracing Tracing,
    EventClock Clock,
    ILoggerFactory Loggers)
{
    /// <summary>How partitions are laid out.</summary>
    /// <exception cref="HybridException">The layout is none.</exception>
    public PartitionLayout Layout() => Source.CreateLayout();

    /// <summary>Finds the objects.</summary>
    public SweepDiscovery Discovery(PartitionLayout layout) => new(
        Store,
        layout,
        Objects.CreateDiscoverySettings(),
        Metrics,
        new StrayObjects(layout, Metrics, Loggers.CreateLogger("Hybrid.Lanes")));

    /// <summary>The cursor of a lane.</summary>
    public LaneCursor Cursor(string lane) => new(Store, LaneCursor.KeyOf(Objects.StatePrefix, lane, Source.Name));

    /// <summary>The dead letters of a lane.</summary>
    public ObjectDeadLetters DeadLetters(string lane) => new(
        Store, $"{Objects.StatePrefix}{lane}/{Source.Name}/dead-letters/", Source.Name, lane, Metrics, Loggers.CreateLogger("Hybrid.DeadLetters"));

    /// <summary>Reads objects into an index.</summary>
    /// <param name="letters">Where bad lines go.</param>
    public ObjectIntake Intake(ObjectDeadLetters letters) => new(
        FormatSettings.Of(Source, Objects.MaxLineBytes),
        letters,
        Objects.CreateErrorShareGuard(),
        Freshness,
        Metrics,
        Clock,
        Loggers.CreateLogger("Hybrid.Lanes"));

    /// <summary>Writes into an index.</summary>
    /// <param name="solr">The index.</param>
    /// <param name="letters">Where refused documents go.</param>
    /// <param name="tells">Whether it says what is in flight, which another may do.</param>
    public BatchFeed Feed(ISolrWriter solr, ObjectDeadLetters letters, bool tells = true) =>
        new(new BatchWriter(solr, letters, Freshness, Metrics, Tracing), Lane, Metrics, tells);
}
