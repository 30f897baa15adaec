using Hybrid.Pipeline.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Hybrid.Pipeline.ObjectStore;

/// <summary>Registers the object store.</summary>
public static class ObjectStoreRegistration
{
    /// <summary>Registers the options, <see cref="IObjectStore"/> and its <see cref="StoreTime"/>; <see cref="Measurement.HybridMetrics"/> must be registered too.</summary>
    /// <param name="services">Where.</param>
    /// <param name="configuration">The configuration's root.</param>
    /// <exception cref="HybridException">The options are wrong.</exception>
    public static IServiceCollection AddObjectStore(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddHybridOptions<ObjectStoreOptions>(configuration, ObjectStoreOptions.Section);
        services.AddSingleton<StoreTime>();
        services.AddSingleton<IObjectStore, S3ObjectStore>();
        return services;
    }
}
