using Hybrid.Pipeline.Avro;
using Hybrid.Pipeline.Hosting;
using Hybrid.Pipeline.Kafka;
using Hybrid.Pipeline.Measurement;
using Hybrid.Pipeline.Solr;
using Hybrid.Pipeline.Windows;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace Hybrid.Pipeline.Lanes;

/// <summary>Registers what every Kafka lane is made of.</summary>
public static class LanePartsRegistration
{
    /// <summary>
    /// Registers Kafka, Avro, Solr (collection: the lane's name unless set), <see cref="LaneOptions"/>, <see cref="WindowOptions"/>, <see cref="LaneFreshness"/>,
    /// <see cref="LaneDeadLetters"/> and <see cref="BatchWriter"/>.
    /// </summary>
    /// <param name="services">Where; logging, metrics, the clock and the time provider come from the host.</param>
    /// <param name="configuration">The configuration's root.</param>
    /// <param name="lane">The lane's name.</param>
    /// <exception cref="HybridException">A setting is wrong.</exception>
    public static IServiceCollection AddLaneParts(this IServiceCollection services, IConfiguration configuration, string lane)
    {
        services.AddHybridOptions<LaneOptions>(configuration, LaneOptions.Section);
        services.AddHybridOptions<WindowOptions>(configuration, WindowOptions.Section);
        services.AddKafka(configuration);
        services.AddAvro(configuration);
        services.AddSolr(configuration, lane);
        services.AddSingleton(provider => new LaneDeadLetters(
            lane, provider.GetRequiredService<KafkaClients>(), provider.GetRequiredService<HybridMetrics>(), provider.GetRequiredService<ILoggerFactory>()));
        services.AddSingleton<IRefusedWrites>(provider => provider.GetRequiredService<LaneDeadLetters>());
        services.AddSingleton(provider => new LaneFreshness(provider.GetRequiredService<HybridMetrics>(), provider.GetRequiredService<EventClock>()));
        services.TryAddSingleton<HybridTracing>();
        services.AddSingleton<BatchWriter>();
        return services;
    }
}
