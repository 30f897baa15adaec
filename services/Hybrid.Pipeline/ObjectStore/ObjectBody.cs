using Hybrid.Pipeline.Measurement;

namespace Hybrid.Pipeline.ObjectStore;

/// <summary>
/// The bytes of an object as they come over the network. Counts them, gives up on a connection that stays silent, and fails when it ends
/// before the object does, so that a broken connection is never taken for a short object.
/// </summary>
internal sealed class ObjectBody(Stream body, string key, long size, HybridMetrics metrics, IDisposable response) : Stream
{
    private static readonly TimeSpan s_silence = TimeSpan.FromSeconds(30);

    private long _read;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

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

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("read asynchronously");

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            response.Dispose();
        }

        base.Dispose(disposing);
    }
}
