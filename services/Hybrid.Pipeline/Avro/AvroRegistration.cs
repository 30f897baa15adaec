using Hybrid.Contracts.Topics;
using Hybrid.Pipeline.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Hybrid.Pipeline.Avro;

/// <summary>Registers the codec that <see cref="AvroOptions.Adapter"/> names.</summary>
public static class AvroRegistration
{
    /// <summary>Whether this build has the adapter over Confluent's serializers.</summary>
    public static bool HasConfluent =>
#if CONFLUENT_AVRO
        true;
#else
        false;
#endif

    /// <summary>Registers the options, <see cref="IDeltaEncoder"/> and <see cref="IDeltaDecoder"/>; each resolution gives a new one. <see cref="TopicNames"/> must be registered too.</summary>
    /// <param name="services">Where.</param>
    /// <param name="configuration">The configuration's root.</param>
    /// <exception cref="HybridException">The options are wrong, or name an adapter that this build lacks.</exception>
    public static IServiceCollection AddAvro(this IServiceCollection services, IConfiguration configuration)
    {
        var options = services.AddHybridOptions<AvroOptions>(configuration, AvroOptions.Section);
        services.AddSingleton<SchemaRegistryClient>();
        if (options.Adapter == "confluent")
        {
#if CONFLUENT_AVRO
            return Confluent.ConfluentAdapter.Register(services);
#else
            throw HybridException.WrongCall("Avro:Adapter is confluent, which this build lacks because its NuGet feed does not serve Confluent.SchemaRegistry.Serdes.Avro: use builtin, the bytes are the same");
#endif
        }

        services.AddTransient<IDeltaEncoder, BuiltinDeltaEncoder>();
        services.AddTransient<IDeltaDecoder, BuiltinDeltaDecoder>();
        return services;
    }
}
