using Hybrid.Pipeline.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Hybrid.Pipeline.Kafka;

/// <summary>Registers the Kafka clients.</summary>
public static class KafkaRegistration
{
    /// <summary>Registers the options, <see cref="KafkaClients"/> and the topics' names.</summary>
    /// <param name="services">Where.</param>
    /// <param name="configuration">The configuration's root.</param>
    /// <exception cref="HybridException">The options are wrong.</exception>
    public static IServiceCollection AddKafka(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddHybridOptions<KafkaOptions>(configuration, KafkaOptions.Section);
        services.AddSingleton<KafkaClients>();
        services.AddSingleton(provider => provider.GetRequiredService<KafkaClients>().Topics);
        return services;
    }
}
