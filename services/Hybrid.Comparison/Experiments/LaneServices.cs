using System.Text.Json;
using Confluent.Kafka;
using Hybrid.Contracts.Partitions;
using Hybrid.Contracts.Search;
using Hybrid.Contracts.Topics;
using Hybrid.Pipeline.Avro;
using Hybrid.Pipeline.Hosting;
using Hybrid.Pipeline.Kafka;
using Hybrid.Pipeline.Lanes;
using Hybrid.Pipeline.Measurement;
using Hybrid.Pipeline.ObjectStore;
using Hybrid.Pipeline.Progress;
using Hybrid.Pipeline.Solr;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hybrid.Comparison.Experiments;

/// <summary>The comparison's own clients in one lane's namespace, made from the very options that the services get.</summary>
internal sealed class LaneServices : IAsyncDisposable
{
    private readonly ServiceProvider _provider;

    /// <summary>Makes the clients.</summary>
    /// <param name="settings">The options.</param>
    /// <param name="collection">The lane's collection.</param>
    /// <exception cref="HybridException">An option is wrong.</exception>
    public LaneServices(IEnumerable<KeyValuePair<string, string?>> settings, string collection)
    {
        var configuration = HybridConfiguration.Build(settings);
        var services = new ServiceCollection();
        services.AddSingleton<ILoggerFactory>(NullLoggerFactory.Instance);
        services.AddSingleton<HybridMetrics>();
        services.AddHybridOptions<KafkaOptions>(configuration, KafkaOptions.Section);
        services.AddSingleton<KafkaClients>();
        services.AddSingleton(provider => provider.GetRequiredService<KafkaClients>().Topics);
        services.AddHybridOptions<SourceOptions>(configuration, SourceOptions.Section);
        services.AddHybridOptions<ObjectLaneOptions>(configuration, ObjectLaneOptions.Section);
        services.AddAvro(configuration);
        services.AddObjectStore(configuration);
        services.AddSolr(configuration, collection);
        _provider = services.BuildServiceProvider();
        Collection = collection;
    }

    /// <summary>The lane's collection.</summary>
    public string Collection { get; }

    /// <summary>Kafka.</summary>
    public KafkaClients Kafka => _provider.GetRequiredService<KafkaClients>();

    /// <summary>The object store, below the run's prefix.</summary>
    public IObjectStore Store => _provider.GetRequiredService<IObjectStore>();

    /// <summary>The cursor of a lane that reads the object store itself.</summary>
    public LaneCursor Cursor(string lane) => new(
        Store,
        LaneCursor.KeyOf(
            _provider.GetRequiredService<ObjectLaneOptions>().StatePrefix, lane, _provider.GetRequiredService<SourceOptions>().Name));

    /// <summary>The lane's collection, as a reader sees it.</summary>
    public SolrReader Index => _provider.GetRequiredService<SolrReader>();

    /// <summary>Solr, as an operator sees it.</summary>
    public SolrAdmin Solr => _provider.GetRequiredService<SolrAdmin>();

    /// <summary>A new decoder.</summary>
    public IDeltaDecoder Decoder() => _provider.GetRequiredService<IDeltaDecoder>();

    /// <summary>Makes bucket, topics and collection. Puts the manifest and asks the index once, so that the clients' first use is not in the measurement.</summary>
    /// <param name="manifest">What the replayed partitions are like.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="HybridException">One of the services refuses or cannot be reached.</exception>
    public async Task PrepareAsync(InputManifest manifest, CancellationToken cancellationToken)
    {
        await Store.EnsureBucketAsync(cancellationToken).ConfigureAwait(false);
        await Kafka.EnsureTopicsAsync(cancellationToken).ConfigureAwait(false);
        await Solr.EnsureCollectionAsync(Collection, cancellationToken).ConfigureAwait(false);
        using var content = new MemoryStream(JsonSerializer.SerializeToUtf8Bytes(manifest, InputManifestJson.Default.InputManifest));
        await Store.PutAsync(InputManifest.FileName, content, null, cancellationToken).ConfigureAwait(false);
        try
        {
            await Index.VersionsAsync([InputManifest.FileName], cancellationToken).ConfigureAwait(false);
        }
        catch (SolrException failure)
        {
            throw HybridException.Unreachable($"the collection {Collection} cannot be read ({failure.Message}): is its configset '{UpdateChains.Configset}' this build's?", failure);
        }
    }

    /// <summary>Deletes topics and collection; the object store's objects stay.</summary>
    /// <returns>What could not be deleted, one sentence each.</returns>
    public async Task<IReadOnlyList<string>> RemoveAsync(CancellationToken cancellationToken)
    {
        var problems = new List<string>();
        TopicNames topics = Kafka.Topics;
        try
        {
            using var admin = Kafka.CreateAdmin();
            await admin.DeleteTopicsAsync([topics.Deltas, topics.DeadLetters, topics.Watermarks]).WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (KafkaException failure)
        {
            problems.Add($"the topics {topics.Prefix}* could not be deleted ({failure.Error.Reason}): delete them");
        }

        try
        {
            await Solr.DeleteCollectionAsync(Collection, cancellationToken).ConfigureAwait(false);
        }
        catch (HybridException failure)
        {
            problems.Add(failure.Message);
        }

        return problems;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _provider.DisposeAsync();
}
