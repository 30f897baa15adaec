using System.Net.Sockets;
using System.Threading.Tasks.Sources;

namespace Hybrid.Sandbox.Kafka.Network;

/// <summary>
/// Sends buffers and stretches of files over a socket, one call after the other; the operating system copies the files' bytes
/// itself (sendfile on Linux and macOS, TransmitPackets on Windows).
/// </summary>
internal sealed class FileSender(Socket socket) : SocketAsyncEventArgs(true), IValueTaskSource
{
    private ManualResetValueTaskSourceCore<bool> _completion = new() { RunContinuationsAsynchronously = true };

    /// <exception cref="SocketException">The connection is gone.</exception>
    public ValueTask SendAsync(SendPacketsElement[] elements)
    {
        _completion.Reset();
        SendPacketsElements = elements;
        if (!socket.SendPacketsAsync(this))
        {
            Complete();
        }
        return new ValueTask(this, _completion.Version);
    }

    public void GetResult(short token) => _completion.GetResult(token);

    public ValueTaskSourceStatus GetStatus(short token) => _completion.GetStatus(token);

    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _completion.OnCompleted(continuation, state, token, flags);

    protected override void OnCompleted(SocketAsyncEventArgs e) => Complete();

    private void Complete()
    {
        SendPacketsElements = null;
        if (SocketError == SocketError.Success)
        {
            _completion.SetResult(true);
        }
        else
        {
            _completion.SetException(new SocketException((int)SocketError));
        }
    }
}
