using Hybrid.Pipeline.Avro;
using Hybrid.Pipeline.Hosting;
using Hybrid.Pipeline.Kafka;
using Hybrid.Pipeline.Measurement;
using Hybrid.Pipeline.ObjectStore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Hybrid.Publisher;

/// <summary>Registers the publisher.</summary>
public static class PublisherRegistration
{
    /// <summary>
    /// Registers the publisher as the <see cref="IHybridService"/>, with its clients and options. <see cref="EventClock"/>,
    /// <see cref="Pipeline.Measurement.HybridMetrics"/> and logging must be registered too.
    /// </summary>
    /// <param name="services">Where.</param>
    /// <param name="configuration">The configuration's root.</param>
    /// <exception cref="HybridException">An option is wrong.</exception>
    public static IServiceCollection AddPublisher(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddHybridOptions<PublisherOptions>(configuration, PublisherOptions.Section);
        services.AddHybridOptions<SourceOptions>(configuration, SourceOptions.Section);
        services.AddKafka(configuration);
        services.AddAvro(configuration);
        services.AddObjectStore(configuration);
        services.TryAddSingleton<HybridTracing>();
        services.TryAddSingleton<Readiness>();
        services.AddSingleton<IHybridService, PublisherService>();
        return services;
    }
}
