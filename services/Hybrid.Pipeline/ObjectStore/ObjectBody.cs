using Hybrid.Pipeline.Hosting;
using Hybrid.Pipeline.Http;
using Hybrid.Pipeline.Measurement;
using Hybrid.Pipeline.Streams;

namespace Hybrid.Pipeline.ObjectStore;

/// <summary>
/// The bytes of an object as they come over the network. Counts them, and gives up on a connection that stays silent. When it breaks before the
/// object ends, the rest is asked for where it broke off, of the same content only, so that neither a broken connection is taken for a
/// short object nor a long object begun anew; what reads the bytes notices nothing.
/// </summary>
/// <param name="first">The object from its begin.</param>
/// <param name="entry">What it is.</param>
/// <param name="rest">Asks for the rest.</param>
/// <param name="metrics">Bytes and breaks are counted here.</param>
internal sealed class ObjectBody(ObjectPart first, ObjectEntry entry, ObjectRest rest, HybridMetrics metrics) : ForwardStream
{
    private static readonly TimeSpan s_silence = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_longestPause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(100);

    private ObjectPart? _part = first;
    private int _breaks;
    private long _read;

    public override long Length => entry.Size;

    public override long Position
    {
        get => _read;
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            try
            {
                _part ??= await rest.OpenAsync(_read, cancellationToken).ConfigureAwait(false);
                var count = await ReadAsync(_part, buffer, cancellationToken).ConfigureAwait(false);
                _breaks = count > 0 ? 0 : _breaks;
                _read += count;
                metrics.StoreBytesRead.Add(count);
                return count;
            }
            catch (Exception broken) when (IsBreak(broken) && _breaks < rest.MostBreaks)
            {
                _part?.Dispose();
                _part = null;
                metrics.StoreResumes.Add(1);
                await Task.Delay(Pause(_breaks++), cancellationToken).ConfigureAwait(false);
            }
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _part?.Dispose();
        }

        base.Dispose(disposing);
    }

    private async ValueTask<int> ReadAsync(ObjectPart part, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        using var silence = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        silence.CancelAfter(s_silence);
        try
        {
            var count = await part.Body.ReadAsync(buffer, silence.Token).ConfigureAwait(false);
            return count > 0 || buffer.Length == 0 || _read >= entry.Size
                ? count
                : throw new IOException($"object '{entry.Key}': the connection ended after {_read} of {entry.Size} bytes");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new IOException($"object '{entry.Key}': no byte came for {s_silence.TotalSeconds:0} s, after {_read} of {entry.Size}");
        }
    }

    /// <summary>With jitter, so that many that broke at once do not come back at once.</summary>
    private static TimeSpan Pause(int breaks)
    {
        var pause = s_pause * Math.Pow(2, breaks) * (0.5 + Random.Shared.NextDouble());
        return pause < s_longestPause ? pause : s_longestPause;
    }

    private static bool IsBreak(Exception failure) =>
        (BrokenConnection.Is(failure) && failure is not ReplacedObjectException) || failure is HybridException { ExitCode: ExitCodes.Unreachable };
}

/// <summary>An object, or the rest of it, on its way.</summary>
/// <param name="Body">The bytes.</param>
/// <param name="Response">Let go of with them.</param>
internal sealed record ObjectPart(Stream Body, IDisposable Response) : IDisposable
{
    public void Dispose() => Response.Dispose();
}

/// <summary>Asks for the rest of an object.</summary>
/// <param name="OpenAsync">Opens it from a byte on.</param>
/// <param name="MostBreaks">How often in a row, without a byte in between, before it counts as failed; 0 never asks.</param>
internal sealed record ObjectRest(Func<long, CancellationToken, Task<ObjectPart>> OpenAsync, int MostBreaks);

/// <summary>An object was replaced or deleted while it was read: its rest is not there any more.</summary>
internal sealed class ReplacedObjectException(string key) : IOException($"object '{key}' was replaced or deleted while it was read");
