using Hybrid.Contracts.Lanes;
using Hybrid.Lanes.Consuming;
using Hybrid.Lanes.MicroBatch;
using Hybrid.Lanes.Streaming;
using Hybrid.Pipeline.Hosting;
using Hybrid.Pipeline.Lanes;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Hybrid.Lanes;

/// <summary>Registers the Kafka lanes of this library, one to a process.</summary>
public static class LaneServices
{
    /// <summary>Registers the micro-batch lane as the process's <see cref="IHybridService"/>, with what it needs.</summary>
    /// <param name="services">Where; logging, metrics, the clock and the time provider come from the host.</param>
    /// <param name="configuration">The configuration's root.</param>
    /// <exception cref="HybridException">A setting is wrong.</exception>
    public static IServiceCollection AddMicroBatchLane(this IServiceCollection services, IConfiguration configuration) =>
        services.AddKafkaLane(configuration, LaneNames.MicroBatch, static (parts, outcomes, abort) => new MicroBatchSink(parts, outcomes, abort));

    /// <summary>Registers the streaming lane as the process's <see cref="IHybridService"/>, with what it needs.</summary>
    /// <param name="services">Where; logging, metrics, the clock and the time provider come from the host.</param>
    /// <param name="configuration">The configuration's root.</param>
    /// <exception cref="HybridException">A setting is wrong.</exception>
    public static IServiceCollection AddStreamingLane(this IServiceCollection services, IConfiguration configuration) =>
        services.AddKafkaLane(configuration, LaneNames.Streaming, static (parts, outcomes, abort) => new StreamingSink(parts, outcomes, abort));

    private static IServiceCollection AddKafkaLane(
        this IServiceCollection services, IConfiguration configuration, string name, Func<LaneParts, LaneOutcomes, CancellationToken, ILaneSink> sink)
    {
        services.AddLaneParts(configuration, name);
        services.AddSingleton<LaneParts>();
        services.AddSingleton<IHybridService>(provider => new KafkaLane(name, provider.GetRequiredService<LaneParts>(), sink));
        return services;
    }
}
