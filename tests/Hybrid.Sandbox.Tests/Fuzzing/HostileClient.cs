using System.Net;
using System.Net.Sockets;
using Hybrid.Sandbox.Tests.Kafka;

namespace Hybrid.Sandbox.Tests.Fuzzing;

/// <summary>A connection that sends what it likes.</summary>
internal sealed class HostileClient : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    public static async Task<HostileClient> ConnectAsync(int port)
    {
        var client = new HostileClient();
        await client._socket.ConnectAsync(IPAddress.Loopback, port);
        return client;
    }

    /// <summary>Sends as much as the broker takes before it closes.</summary>
    public async Task SendAsync(ReadOnlyMemory<byte> bytes)
    {
        using var patience = new CancellationTokenSource(RunningBroker.Patience);
        try
        {
            while (!bytes.IsEmpty)
            {
                bytes = bytes[await _socket.SendAsync(bytes, patience.Token)..];
            }
        }
        catch (SocketException)
        {
        }
    }

    /// <summary>Says that nothing more comes and reads until the broker has closed too; gives the bytes that it answered.</summary>
    /// <exception cref="OperationCanceledException">The broker does not close.</exception>
    public async Task<long> FinishAsync()
    {
        using var patience = new CancellationTokenSource(RunningBroker.Patience);
        var (answer, buffer) = (0L, new byte[16 * 1024]);
        try
        {
            _socket.Shutdown(SocketShutdown.Send);
            for (int read; (read = await _socket.ReceiveAsync(buffer, patience.Token)) > 0;)
            {
                answer += read;
            }
        }
        catch (SocketException)
        {
        }
        return answer;
    }

    public void Dispose() => _socket.Dispose();
}
