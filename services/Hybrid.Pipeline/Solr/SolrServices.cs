using Hybrid.Pipeline.Hosting;
using Hybrid.Pipeline.Measurement;
using Hybrid.Pipeline.Solr.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Hybrid.Pipeline.Solr;

/// <summary>Makes a writer of the chosen adapter into any collection; whoever calls it disposes of the writer.</summary>
/// <param name="collection">The collection.</param>
public delegate ISolrWriter SolrWriterFactory(string collection);

/// <summary>Registers what a lane needs to write to Solr.</summary>
public static class SolrServices
{
    /// <summary>Whether this build has the adapter over SolrNet.</summary>
    public static bool HasSolrNet =>
#if SOLRNET
        true;
#else
        false;
#endif

    /// <summary>
    /// Registers <see cref="SolrOptions"/> (its collection filled in), a resilient <see cref="ISolrWriter"/> of the chosen adapter,
    /// <see cref="SolrWriterFactory"/>, <see cref="SolrReader"/> and <see cref="SolrAdmin"/>. <see cref="HybridMetrics"/> and logging come from the host.
    /// </summary>
    /// <param name="services">Where to register it.</param>
    /// <param name="configuration">The configuration's root.</param>
    /// <param name="defaultCollection">The collection when the settings name none: the lane's name.</param>
    /// <exception cref="HybridException">A setting is wrong, or the adapter is not in this build.</exception>
    public static IServiceCollection AddSolr(this IServiceCollection services, IConfiguration configuration, string defaultCollection)
    {
        var options = services.AddHybridOptions<SolrOptions>(configuration, SolrOptions.Section);
        if (string.IsNullOrEmpty(options.Collection))
        {
            options.Collection = defaultCollection;
        }

        var collection = options.Collection;
        var visibility = SolrVisibility.Parse(options.Visibility);
        var connect = Adapter(options);
        services.AddSingleton(_ => new SolrHttp(options));
        services.AddSingleton<SolrWriterFactory>(provider => name => new ResilientSolrWriter(
            connect(provider, name, visibility),
            options.MaxRetries,
            provider.GetRequiredService<HybridMetrics>(),
            TimeProvider.System,
            provider.GetRequiredService<ILoggerFactory>().CreateLogger("Hybrid.Solr")));
        services.AddSingleton(provider => provider.GetRequiredService<SolrWriterFactory>()(collection));
        services.AddSingleton(provider => new SolrReader(provider.GetRequiredService<SolrHttp>(), collection));
        services.AddSingleton(provider =>
            new SolrAdmin(provider.GetRequiredService<SolrHttp>(), options, provider.GetRequiredService<ILoggerFactory>()));
        return services;
    }

    private static Func<IServiceProvider, string, SolrVisibility, ISolrWriter> Adapter(SolrOptions options) => options.Adapter switch
    {
        "json" => static (provider, collection, visibility) => new JsonSolrWriter(
            provider.GetRequiredService<SolrHttp>(), collection, visibility, provider.GetRequiredService<HybridMetrics>()),
#if SOLRNET
        "solrnet" => (provider, collection, visibility) =>
            new SolrNet.SolrNetWriter(options, collection, visibility, provider.GetRequiredService<HybridMetrics>()),
#endif
        _ => throw HybridException.WrongCall($"Solr:Adapter is '{options.Adapter}', which is not in this build: give json, or build Hybrid.sln where the feed serves SolrNet"),
    };
}
