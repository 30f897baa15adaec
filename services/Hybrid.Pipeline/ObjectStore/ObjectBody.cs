using Hybrid.Pipeline.Measurement;
using Hybrid.Pipeline.Streams;

namespace Hybrid.Pipeline.ObjectStore;

/// <summary>
/// The bytes of an object as they come over the network. Counts them, gives up on a connection that stays silent, and fails when it ends
/// before the object does, so that a broken connection is never taken for a short object.
/// </summary>
internal sealed class ObjectBody(Stream body, string key, long size, HybridMetrics metrics, IDisposable response) : ForwardStream
{
    private static readonly TimeSpan s_silence = TimeSpan.FromSeconds(30);

    private long _read;

    public override long Length => size;

    public override long Position
    {
        get => _read;
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        using var silence = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        silence.CancelAfter(s_silence);
        int count;
        try
        {
            count = await body.ReadAsync(buffer, silence.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new IOException($"object '{key}': no byte came for {s_silence.TotalSeconds:0} s, after {_read} of {size}");
        }

        if (count == 0 && buffer.Length > 0 && _read < size)
        {
            throw new IOException($"object '{key}': the connection ended after {_read} of {size} bytes");
        }

        _read += count;
        metrics.StoreBytesRead.Add(count);
        return count;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            response.Dispose();
        }

        base.Dispose(disposing);
    }
}
