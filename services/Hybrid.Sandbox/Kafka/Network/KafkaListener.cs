using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Hybrid.Sandbox.Faults;
using Hybrid.Sandbox.Faults.Kafka;
using Hybrid.Sandbox.Kafka.Protocol;
using Microsoft.Extensions.Logging;

namespace Hybrid.Sandbox.Kafka.Network;

/// <summary>Accepts connections on the loopback interface and sees to it that all of them end with it.</summary>
internal sealed class KafkaListener : IAsyncDisposable
{
    private const int Backlog = 512;

    private static readonly TimeSpan AcceptRetry = TimeSpan.FromMilliseconds(100);

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentDictionary<KafkaConnection, Task> _connections = [];
    private readonly KafkaBrokerOptions _options;
    private readonly ILogger _logger;
    private Task _accepting = Task.CompletedTask;

    /// <exception cref="SocketException">The port is in use.</exception>
    public KafkaListener(KafkaBrokerOptions options, ILogger logger)
    {
        _options = options;
        _logger = logger;
        Limits = new ConnectionLimits(options.MaxConnections, options.MaxBufferedBytes, logger);
        _socket.Bind(new IPEndPoint(IPAddress.Loopback, options.Port));
        _socket.Listen(Backlog);
    }

    public int Port => ((IPEndPoint)_socket.LocalEndPoint!).Port;

    /// <summary>What the connections hold.</summary>
    public ConnectionLimits Limits { get; }

    public void Start(ApiTable apis, KafkaFaults faults) => _accepting = AcceptAsync(apis, faults);

    /// <summary>Closes the connections that let a request, or the broker, wait for too long.</summary>
    public void CloseStale() => Limits.CloseStale(Environment.TickCount64, _options.RequestTimeout, _options.MaxIdle);

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        _socket.Dispose();
        await _accepting.ConfigureAwait(false);
        foreach (var connection in _connections.Keys)
        {
            connection.Dispose();
        }
        await Task.WhenAll(_connections.Values).ConfigureAwait(false);
        _stopping.Dispose();
    }

    private async Task AcceptAsync(ApiTable apis, KafkaFaults faults)
    {
        using var gate = new ConnectionGate(faults.Service);
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                var accepted = await _socket.AcceptAsync(_stopping.Token).ConfigureAwait(false);
                accepted.NoDelay = true;
                var connection = new KafkaConnection(accepted, apis, _options, Limits, faults, _logger);
                Limits.Enter(connection);
                gate.Enter(connection, connection.Dispose);
                var running = Task.Run(() => connection.RunAsync(_stopping.Token));
                _connections[connection] = running;
                _ = running.ContinueWith(
                    _ =>
                    {
                        gate.Leave(connection);
                        Limits.Leave(connection);
                        _connections.TryRemove(connection, out Task? _);
                    },
                    TaskScheduler.Default);
            }
            catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
            catch (SocketException exception)
            {
                // Out of file descriptors, say: connections that end will make room.
                _logger.BackgroundFailed(exception);
                await Task.Delay(AcceptRetry).ConfigureAwait(false);
            }
        }
    }
}
