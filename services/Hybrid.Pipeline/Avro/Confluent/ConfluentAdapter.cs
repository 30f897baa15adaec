using Microsoft.Extensions.DependencyInjection;

namespace Hybrid.Pipeline.Avro.Confluent;

/// <summary>Registers the codec over Confluent.SchemaRegistry.Serdes.Avro.</summary>
internal static class ConfluentAdapter
{
    public static IServiceCollection Register(IServiceCollection services)
    {
        services.AddTransient<IDeltaEncoder, ConfluentDeltaEncoder>();
        services.AddTransient<IDeltaDecoder, ConfluentDeltaDecoder>();
        return services;
    }
}
