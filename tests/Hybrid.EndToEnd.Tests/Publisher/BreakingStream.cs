namespace Hybrid.EndToEnd.Tests.Publisher;

/// <summary>A connection that breaks after so many bytes.</summary>
internal sealed class BreakingStream(Stream body, int after) : MemoryStream
{
    private int _left = after;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_left <= 0)
        {
            throw new IOException("the connection broke");
        }

        var read = await body.ReadAsync(buffer[..Math.Min(buffer.Length, _left)], cancellationToken);
        _left -= read;
        return read;
    }
}
