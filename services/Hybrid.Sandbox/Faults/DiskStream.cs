namespace Hybrid.Sandbox.Faults;

/// <summary>A file that is written from its start, on a disk that may be full.</summary>
internal sealed class DiskStream(FileStream file, Disk disk) : Stream
{
    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => file.Length;

    public override long Position
    {
        get => file.Position;
        set => throw new NotSupportedException();
    }

    /// <exception cref="IOException">The disk is full; what fitted was written.</exception>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        var fit = disk.Fit(buffer.Length);
        try
        {
            file.Write(buffer[..fit]);
        }
        catch (ArgumentOutOfRangeException exception)
        {
            throw Disk.TooLarge(exception);
        }

        if (fit < buffer.Length)
        {
            throw Disk.Full();
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush() => file.Flush();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override ValueTask DisposeAsync() => file.DisposeAsync();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            file.Dispose();
        }

        base.Dispose(disposing);
    }
}
