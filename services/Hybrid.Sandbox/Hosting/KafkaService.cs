using System.Net.Sockets;
using Hybrid.Sandbox.Kafka;
using Microsoft.Extensions.Logging;

namespace Hybrid.Sandbox.Hosting;

/// <summary>The broker as a service of the sandbox.</summary>
internal sealed class KafkaService(KafkaBrokerOptions options, ILogger logger) : ISandboxService
{
    private readonly KafkaBroker _broker = new(options, logger);

    /// <summary>What a client puts under <c>bootstrap.servers</c>.</summary>
    public string BootstrapServers => _broker.BootstrapServers;

    public IReadOnlyDictionary<string, long> RequestCounts => _broker.RequestCounts;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _broker.StartAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (SocketException exception)
        {
            throw ListenFailure.Of("Kafka", options.Port, exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new SandboxException(
                $"Kafka cannot use its data directory {options.DataDirectory}: {exception.Message}; give another", exception);
        }
    }

    public ValueTask DisposeAsync() => _broker.DisposeAsync();
}
