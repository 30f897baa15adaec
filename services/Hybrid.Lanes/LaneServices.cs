using Hybrid.Contracts.Lanes;
using Hybrid.Lanes.Auditing;
using Hybrid.Lanes.Batch;
using Hybrid.Lanes.Consuming;
using Hybrid.Lanes.Direct;
using Hybrid.Lanes.MicroBatch;
using Hybrid.Lanes.Objects;
using Hybrid.Lanes.Repairing;
using Hybrid.Lanes.Streaming;
using Hybrid.Pipeline.Hosting;
using Hybrid.Pipeline.Lanes;
using Hybrid.Pipeline.Measurement;
using Hybrid.Pipeline.ObjectStore;
using Hybrid.Pipeline.Solr;
using Hybrid.Pipeline.Windows;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Hybrid.Lanes;

/// <summary>Registers the Kafka lanes of this library, one to a process.</summary>
public static class LaneServices
{
    /// <summary>Registers the micro-batch lane as the process's <see cref="IHybridService"/>, with what it needs.</summary>
    /// <param name="services">Where; logging, metrics, the clock and the time provider come from the host.</param>
    /// <param name="configuration">The configuration's root.</param>
    /// <exception cref="HybridException">A setting is wrong.</exception>
    public static IServiceCollection AddMicroBatchLane(this IServiceCollection services, IConfiguration configuration) =>
        services.AddKafkaLane(configuration, LaneNames.MicroBatch, CreateMicroBatch);

    /// <summary>Registers the streaming lane as the process's <see cref="IHybridService"/>, with what it needs.</summary>
    /// <param name="services">Where; logging, metrics, the clock and the time provider come from the host.</param>
    /// <param name="configuration">The configuration's root.</param>
    /// <exception cref="HybridException">A setting is wrong.</exception>
    public static IServiceCollection AddStreamingLane(this IServiceCollection services, IConfiguration configuration) =>
        services.AddKafkaLane(configuration, LaneNames.Streaming, static (parts, outcomes, abort) => new StreamingSink(parts, outcomes, abort));

    /// <summary>Registers the direct lane, which needs no Kafka, as the process's <see cref="IHybridService"/>, with what it needs.</summary>
    /// <param name="services">Where; logging, metrics, the clock and the time provider come from the host.</param>
    /// <param name="configuration">The configuration's root.</param>
    /// <exception cref="HybridException">A setting is wrong.</exception>
    public static IServiceCollection AddDirectLane(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddObjectLaneParts(configuration, LaneNames.Direct);
        services.AddSingleton<IHybridService>(provider => new DirectLane(provider.GetRequiredService<ObjectLaneParts>()));
        return services;
    }

    /// <summary>Registers the batch lane, which needs no Kafka, as the process's <see cref="IHybridService"/>, with what it needs.</summary>
    /// <param name="services">Where; logging, metrics, the clock and the time provider come from the host.</param>
    /// <param name="configuration">The configuration's root.</param>
    /// <exception cref="HybridException">A setting is wrong.</exception>
    public static IServiceCollection AddBatchLane(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddObjectLaneParts(configuration, LaneNames.Batch);
        services.AddHybridOptions<BatchOptions>(configuration, BatchOptions.Section);
        services.AddSingleton<IHybridService>(provider => new BatchLane(
            provider.GetRequiredService<ObjectLaneParts>(), provider.GetRequiredService<BatchOptions>(), provider.GetRequiredService<SolrWriterFactory>()));
        return services;
    }

    /// <summary>Registers the hybrid lane as the process's <see cref="IHybridService"/>, with what it needs.</summary>
    /// <param name="services">Where; logging, metrics, the clock and the time provider come from the host.</param>
    /// <param name="configuration">The configuration's root.</param>
    /// <exception cref="HybridException">A setting is wrong.</exception>
    public static IServiceCollection AddHybridLane(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddLaneParts(configuration, LaneNames.Hybrid);
        services.AddObjectReading(configuration);
        services.AddHybridOptions<BatchOptions>(configuration, BatchOptions.Section);
        services.AddSingleton<LaneParts>();
        services.AddSingleton<IHybridService>(provider => new HybridLane(
            new KafkaLane(
                LaneNames.Hybrid, provider.GetRequiredService<LaneParts>(), static (parts, outcomes, abort) => new StreamingSink(parts, outcomes, abort)),
            provider.GetRequiredService<ObjectLaneParts>(),
            provider.GetRequiredService<BatchOptions>()));
        return services;
    }

    private static IServiceCollection AddObjectLaneParts(this IServiceCollection services, IConfiguration configuration, string name)
    {
        services.AddHybridOptions<LaneOptions>(configuration, LaneOptions.Section);
        services.AddHybridOptions<WindowOptions>(configuration, WindowOptions.Section);
        services.AddSolr(configuration, name);
        services.AddSingleton(provider => new LaneFreshness(provider.GetRequiredService<HybridMetrics>(), provider.GetRequiredService<EventClock>()));
        services.TryAddSingleton<HybridTracing>();
        return services.AddObjectReading(configuration);
    }

    private static IServiceCollection AddObjectReading(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddHybridOptions<ObjectLaneOptions>(configuration, ObjectLaneOptions.Section);
        services.AddHybridOptions<SourceOptions>(configuration, SourceOptions.Section);
        services.AddObjectStore(configuration);
        services.AddSingleton<ObjectLaneParts>();
        return services;
    }

    private static MicroBatchSink CreateMicroBatch(LaneParts parts, LaneOutcomes outcomes, CancellationToken abort)
    {
        var commits = parts.Options.CommitLog
            ? new CommitLog(
                parts.Kafka.CreateProducer(config =>
                {
                    config.LingerMs = 0;
                    config.MessageTimeoutMs = (int)CommitLog.Patience.TotalMilliseconds;
                }),
                parts.Kafka.Topics.Commits,
                parts.Metrics,
                parts.Loggers.CreateLogger("Hybrid.Lanes.CommitLog"))
            : null;
        return new MicroBatchSink(LaneNames.MicroBatch, parts, outcomes, commits, abort);
    }

    private static IServiceCollection AddKafkaLane(
        this IServiceCollection services, IConfiguration configuration, string name, Func<LaneParts, LaneOutcomes, CancellationToken, ILaneSink> sink)
    {
        services.AddLaneParts(configuration, name);
        services.AddSingleton<LaneParts>();
        services.AddSingleton<IHybridService>(provider => new KafkaLane(name, provider.GetRequiredService<LaneParts>(), sink));
        return services;
    }
}
