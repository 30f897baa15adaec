using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Hybrid.Unit.Tests.ObjectStore;

/// <summary>Stands between a client and a server, and cuts connections in the middle of long answers.</summary>
internal sealed class CuttingProxy : IAsyncDisposable
{
    /// <summary>An answer that is longer than this is one of an object's content.</summary>
    private const int Short = 16 * 1024;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentQueue<int> _cuts = new();
    private readonly Uri _server;
    private readonly Task _accepting;
    private int _cut;

    public CuttingProxy(Uri server)
    {
        _server = server;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public string Url => $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    /// <summary>Connections cut so far.</summary>
    public int Cuts => Volatile.Read(ref _cut);

    /// <summary>Cuts the connections of the next long answers, each after so many bytes beyond what makes it long.</summary>
    public void CutAfter(params int[] bytes)
    {
        foreach (var one in bytes)
        {
            _cuts.Enqueue(one);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Stop();
        await _accepting;
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        var relays = new List<Task>();
        try
        {
            while (true)
            {
                relays.Add(RelayAsync(await _listener.AcceptTcpClientAsync(_stopping.Token)));
            }
        }
        catch (Exception ended) when (ended is OperationCanceledException or SocketException)
        {
        }

        await Task.WhenAll(relays);
    }

    private async Task RelayAsync(TcpClient client)
    {
        using (client)
        using (var server = new TcpClient())
        {
            try
            {
                await server.ConnectAsync(_server.Host, _server.Port, _stopping.Token);
                var asking = client.GetStream().CopyToAsync(server.GetStream(), _stopping.Token);
                await AnswerAsync(server.GetStream(), client.GetStream());
                client.Close();
                server.Close();
                await asking.ContinueWith(static _ => { }, TaskScheduler.Default);
            }
            catch (Exception ended) when (ended is OperationCanceledException or IOException or SocketException)
            {
            }
        }
    }

    private async Task AnswerAsync(NetworkStream server, NetworkStream client)
    {
        var buffer = new byte[Short];
        var (row, cut) = (0, (int?)null);
        while (await server.ReadAsync(buffer, _stopping.Token) is > 0 and var count)
        {
            // An answer that fills buffer after buffer is a long one.
            row = count < 1_024 ? 0 : row + count;
            if (row > Short && cut is null && _cuts.TryDequeue(out var after))
            {
                cut = row + after;
            }

            if (row >= cut)
            {
                Interlocked.Increment(ref _cut);
                return;
            }

            await client.WriteAsync(buffer.AsMemory(0, count), _stopping.Token);
        }
    }
}
