using Hybrid.Contracts.Lanes;
using Hybrid.Pipeline.Avro;
using Hybrid.Pipeline.Hosting;
using Hybrid.Pipeline.Lanes;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Hybrid.Streamiz;

/// <summary>Registers the Streamiz lane.</summary>
public static class StreamizRegistration
{
    /// <summary>Registers the lane as the process's <see cref="IHybridService"/>, with what it needs.</summary>
    /// <param name="services">Where; logging, metrics, the clock and the time provider come from the host.</param>
    /// <param name="configuration">The configuration's root.</param>
    /// <exception cref="HybridException">A setting is wrong.</exception>
    public static IServiceCollection AddStreamizLane(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddLaneParts(configuration, LaneNames.Streamiz);
        services.AddHybridOptions<StreamizOptions>(configuration, StreamizOptions.Section);
        services.AddSingleton<Func<IDeltaDecoder>>(provider => provider.GetRequiredService<IDeltaDecoder>);
        services.AddSingleton<StreamizParts>();
        services.AddSingleton<IHybridService, StreamizLane>();
        return services;
    }
}
