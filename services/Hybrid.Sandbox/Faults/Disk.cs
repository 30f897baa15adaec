using Microsoft.Win32.SafeHandles;

namespace Hybrid.Sandbox.Faults;

/// <summary>What a service writes its files through, so that its disk can be full on demand.</summary>
internal sealed class Disk(ServiceFaults faults)
{
    /// <summary>ENOSPC of Linux and macOS.</summary>
    private const int NoSpace = 28;

    /// <summary>Writes at an offset, as <see cref="RandomAccess"/> does.</summary>
    /// <exception cref="IOException">The disk is full; what fitted was written, as a real one would.</exception>
    public void Write(SafeFileHandle file, ReadOnlySpan<byte> bytes, long offset)
    {
        var fit = Fit(bytes.Length);
        RandomAccess.Write(file, bytes[..fit], offset);
        if (fit < bytes.Length)
        {
            throw Full();
        }
    }

    /// <summary>Makes a new file for writing.</summary>
    /// <exception cref="IOException">From its writes: the disk is full.</exception>
    public FileStream Create(string path, int bufferSize) => new DiskFile(path, bufferSize, this);

    /// <summary>Refuses something that takes room but is no write of bytes, such as a new file or directory.</summary>
    /// <exception cref="IOException">The disk is full.</exception>
    public void Claim()
    {
        if (Fit(1) < 1)
        {
            throw Full();
        }
    }

    private static IOException Full() => new("No space left on device", NoSpace);

    private int Fit(int bytes)
    {
        foreach (var rule in faults.OfDisk)
        {
            bytes = Math.Min(bytes, rule.Fit(bytes));
        }

        return bytes;
    }

    private sealed class DiskFile(string path, int bufferSize, Disk disk)
        : FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize)
    {
        public override void Write(ReadOnlySpan<byte> buffer)
        {
            var fit = disk.Fit(buffer.Length);
            base.Write(buffer[..fit]);
            if (fit < buffer.Length)
            {
                throw Full();
            }
        }

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var fit = disk.Fit(buffer.Length);
            await base.WriteAsync(buffer[..fit], cancellationToken).ConfigureAwait(false);
            if (fit < buffer.Length)
            {
                throw Full();
            }
        }
    }
}
