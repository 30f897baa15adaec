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
    private Task _accepting = Task.CompletedTask;

    /// <exception cref="SocketException">The port is in use.</exception>
    public KafkaListener(int port)
    {
        _socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
        _socket.Listen(Backlog);
    }

    public int Port => ((IPEndPoint)_socket.LocalEndPoint!).Port;

    public void Start(ApiTable apis, int maxRequestBytes, KafkaFaults faults, ILogger logger) =>
        _accepting = AcceptAsync(apis, maxRequestBytes, faults, logger);

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

    private async Task AcceptAsync(ApiTable apis, int maxRequestBytes, KafkaFaults faults, ILogger logger)
    {
        using var gate = new ConnectionGate(faults.Service);
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                var accepted = await _socket.AcceptAsync(_stopping.Token).ConfigureAwait(false);
                accepted.NoDelay = true;
                var connection = new KafkaConnection(accepted, apis, maxRequestBytes, faults, logger);
                gate.Enter(connection, connection.Dispose);
                var running = Task.Run(() => connection.RunAsync(_stopping.Token));
                _connections[connection] = running;
                _ = running.ContinueWith(
                    _ =>
                    {
                        gate.Leave(connection);
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
                logger.BackgroundFailed(exception);
                await Task.Delay(AcceptRetry).ConfigureAwait(false);
            }
        }
    }
}
