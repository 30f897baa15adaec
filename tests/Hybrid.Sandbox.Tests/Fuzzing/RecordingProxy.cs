using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Hybrid.Sandbox.Tests.Fuzzing;

/// <summary>
/// Stands between real clients and a broker and keeps the requests that go by. Answers name the broker's port, which it replaces
/// by its own, so that clients stay with it.
/// </summary>
internal sealed class RecordingProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentBag<Task> _running = [];
    private readonly int _brokerPort;
    private readonly Task _accepting;

    public RecordingProxy(int brokerPort)
    {
        _brokerPort = brokerPort;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public string BootstrapServers => $"127.0.0.1:{Port}";

    /// <summary>Every request that came by, with its length.</summary>
    public ConcurrentQueue<byte[]> Requests { get; } = [];

    private int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Stop();
        await _accepting;
        await Task.WhenAll(_running);
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _running.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_stopping.Token)));
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var _ = client;
        using var broker = new TcpClient();
        await broker.ConnectAsync(IPAddress.Loopback, _brokerPort);
        await Task.WhenAny(
            CopyAsync(client.GetStream(), broker.GetStream(), Requests.Enqueue),
            CopyAsync(broker.GetStream(), client.GetStream(), ReplacePort));
    }

    private async Task CopyAsync(NetworkStream from, NetworkStream to, Action<byte[]> visit)
    {
        try
        {
            var head = new byte[sizeof(int)];
            while (true)
            {
                await from.ReadExactlyAsync(head, _stopping.Token);
                var frame = new byte[sizeof(int) + BinaryPrimitives.ReadInt32BigEndian(head)];
                head.CopyTo(frame, 0);
                await from.ReadExactlyAsync(frame.AsMemory(sizeof(int)), _stopping.Token);
                visit(frame);
                await to.WriteAsync(frame, _stopping.Token);
            }
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or ObjectDisposedException)
        {
        }
    }

    private void ReplacePort(byte[] answer)
    {
        Span<byte> port = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(port, _brokerPort);
        byte[] address = [.. "127.0.0.1"u8, .. port];
        for (int from = 0, at; (at = answer.AsSpan(from).IndexOf(address)) >= 0; from += at + address.Length)
        {
            BinaryPrimitives.WriteInt32BigEndian(answer.AsSpan(from + at + address.Length - sizeof(int)), Port);
        }
    }
}
