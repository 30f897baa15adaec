using System.Diagnostics;
using System.Text.Json;
using Hybrid.Contracts.Stack;
using Hybrid.Sandbox.Faults;
using Hybrid.Sandbox.Hosting;
using Hybrid.Sandbox.Kafka;
using Hybrid.Sandbox.Registry;
using Hybrid.Sandbox.S3;
using Hybrid.Sandbox.Solr;
using Microsoft.Extensions.Logging;

namespace Hybrid.Sandbox;

/// <summary>
/// Kafka, schema registry, S3 and Solr in one process, spoken over their real protocols on loopback, durable in one
/// directory.
/// </summary>
public sealed class SandboxServer : IAsyncDisposable
{
    private readonly SandboxOptions _options;
    private readonly ILoggerFactory _loggers;
    private readonly DirectoryLock _lock;
    private readonly Dictionary<string, ISandboxService> _services = new(StringComparer.Ordinal);
    private readonly long _started = Stopwatch.GetTimestamp();
    private LoopbackWebServer? _admin;
    private int _disposed;

    private SandboxServer(SandboxOptions options, ILoggerFactory loggers, DirectoryLock directoryLock)
    {
        _options = options;
        _loggers = loggers;
        _lock = directoryLock;
    }

    /// <summary>Where the services that run listen; also in <see cref="StackEndpoints.FileName"/> in the data directory.</summary>
    public StackEndpoints Endpoints { get; private set; } = new();

    /// <summary>Where faults are injected; also over <see cref="StackEndpoints.AdminUrl"/>.</summary>
    internal FaultCatalog Faults { get; } = new(TimeProvider.System);

    private string EndpointsFile => Path.Combine(_options.DataDirectory, StackEndpoints.FileName);

    /// <summary>Starts every service asked for. On return all of them answer and the endpoints' file is written.</summary>
    /// <param name="options">Which and where.</param>
    /// <param name="loggers">Where they log; nothing is written to the console otherwise.</param>
    /// <param name="cancellationToken">Gives up starting and stops what runs already.</param>
    /// <exception cref="SandboxException">A port is in use, or the data directory is another sandbox's or cannot be used, or a fault cannot be.</exception>
    public static async Task<SandboxServer> StartAsync(SandboxOptions options, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(loggers);
        var absolute = options with { DataDirectory = Path.GetFullPath(options.DataDirectory) };
        var server = new SandboxServer(absolute, loggers, DirectoryLock.Take(absolute.DataDirectory));
        try
        {
            await server.StartAsync(cancellationToken).ConfigureAwait(false);
            return server;
        }
        catch
        {
            await server.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Removes the endpoints' file, finishes what is in flight and stops every service.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        File.Delete(EndpointsFile);
        if (_admin is not null)
        {
            await _admin.DisposeAsync().ConfigureAwait(false);
        }

        // First, so that no request in flight waits on for a fault's sake.
        Faults.Dispose();
        await Task.WhenAll(_services.Values.Select(static service => service.DisposeAsync().AsTask())).ConfigureAwait(false);
        _lock.Dispose();
    }

    private async Task StartAsync(CancellationToken cancellationToken)
    {
        // One that a killed sandbox left must not be taken for this one's.
        File.Delete(EndpointsFile);

        foreach (var fault in _options.Faults)
        {
            Faults.Add(fault);
        }

        var kafka = _options.RunKafka ? Add("kafka", CreateKafka()) : null;
        var registry = _options.RunRegistry ? Add("registry", CreateRegistry()) : null;
        var s3 = _options.RunS3 ? Add("s3", CreateS3()) : null;
        var solr = _options.RunSolr ? Add("solr", CreateSolr()) : null;
        var starts = _services.Values.Select(service => Task.Run(() => service.StartAsync(cancellationToken), cancellationToken));
        await Task.WhenAll(starts).ConfigureAwait(false);
        _admin = await LoopbackWebServer.StartAsync(
            "The sandbox's admin endpoint", _options.AdminPort, new AdminEndpoint(Status, Faults).AnswerAsync, _loggers, cancellationToken).ConfigureAwait(false);

        Endpoints = new StackEndpoints
        {
            ProcessId = Environment.ProcessId,
            KafkaBootstrapServers = kafka?.BootstrapServers,
            RegistryUrl = Address(registry?.BaseAddress),
            S3Url = Address(s3?.BaseAddress),
            AccessKey = s3 is null ? null : _options.S3AccessKey,
            SecretKey = s3 is null ? null : _options.S3SecretKey,
            SolrUrl = Address(solr?.BaseAddress),
            AdminUrl = Address(_admin.BaseAddress),
        };
        WriteEndpoints();
    }

    private KafkaService CreateKafka() => new(
        new KafkaBrokerOptions
        {
            DataDirectory = Path.Combine(_options.DataDirectory, "kafka"),
            Port = _options.KafkaPort,
            Faults = Faults.For(FaultService.Kafka),
            RetentionCheckInterval = _options.KafkaRetentionCheckInterval,
        },
        _loggers.CreateLogger<KafkaBroker>());

    private RegistryServer CreateRegistry() =>
        new(
            new RegistryServerOptions { DataDirectory = Path.Combine(_options.DataDirectory, "registry"), Port = _options.RegistryPort, Faults = Faults.For(FaultService.Registry) },
            _loggers);

    private S3Server CreateS3() => new(
        new S3ServerOptions
        {
            DataDirectory = Path.Combine(_options.DataDirectory, "s3"),
            Port = _options.S3Port,
            AccessKey = _options.S3AccessKey,
            SecretKey = _options.S3SecretKey,
            Faults = Faults.For(FaultService.S3),
        },
        _loggers);

    private SolrServer CreateSolr() =>
        new(new SolrServerOptions { DataDirectory = Path.Combine(_options.DataDirectory, "solr"), Port = _options.SolrPort, Faults = Faults.For(FaultService.Solr) }, _loggers);

    private T Add<T>(string name, T service)
        where T : ISandboxService
    {
        _services.Add(name, service);
        return service;
    }

    private static string? Address(Uri? address) => address?.ToString().TrimEnd('/');

    private void WriteEndpoints()
    {
        var temporary = EndpointsFile + ".tmp";
        File.WriteAllBytes(temporary, JsonSerializer.SerializeToUtf8Bytes(Endpoints, StackJson.Default.StackEndpoints));
        File.Move(temporary, EndpointsFile, overwrite: true);
    }

    private SandboxStatus Status()
    {
        var services = _services.ToDictionary(
            static service => service.Key, static service => new ServiceStatus(service.Value.RequestCounts));
        return new SandboxStatus(Environment.ProcessId, Stopwatch.GetElapsedTime(_started).TotalSeconds, services, Faults.List());
    }
}
