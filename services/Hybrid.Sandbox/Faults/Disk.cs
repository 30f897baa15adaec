using Microsoft.Win32.SafeHandles;

namespace Hybrid.Sandbox.Faults;

/// <summary>What a service writes its files through, so that its disk can be full on demand.</summary>
internal sealed class Disk(ServiceFaults faults)
{
    /// <summary>ENOSPC of Linux and macOS.</summary>
    private const int NoSpace = 28;

    /// <summary>EFBIG of Linux and macOS.</summary>
    private const int FileTooLarge = 27;

    /// <summary>Writes at an offset, as <see cref="RandomAccess"/> does.</summary>
    /// <exception cref="IOException">The disk is full; what fitted was written, as a real one would.</exception>
    public void Write(SafeFileHandle file, ReadOnlySpan<byte> bytes, long offset)
    {
        var fit = Fit(bytes.Length);
        try
        {
            RandomAccess.Write(file, bytes[..fit], offset);
        }
        catch (ArgumentOutOfRangeException exception)
        {
            throw TooLarge(exception);
        }

        if (fit < bytes.Length)
        {
            throw Full();
        }
    }

    /// <summary>Makes a new file for writing.</summary>
    /// <exception cref="IOException">From its writes: the disk is full.</exception>
    public Stream Create(string path, int bufferSize) =>
        new DiskStream(new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize), this);

    /// <summary>Refuses something that takes room but is no write of bytes, such as a new file or directory.</summary>
    /// <exception cref="IOException">The disk is full.</exception>
    public void Claim()
    {
        if (Fit(1) < 1)
        {
            throw Full();
        }
    }

    /// <summary>What a write meets on a full disk.</summary>
    public static IOException Full() => new("No space left on device", NoSpace);

    /// <summary>What .NET reports as a wrong argument: the file has the size that the system, a quota or a limit of the process allows.</summary>
    public static IOException TooLarge(ArgumentOutOfRangeException exception) => new DiskLimitException(exception);

    /// <summary>How many of so many bytes the disk still takes.</summary>
    public int Fit(int bytes)
    {
        foreach (var rule in faults.OfDisk)
        {
            bytes = Math.Min(bytes, rule.Fit(bytes));
        }

        return bytes;
    }

    private sealed class DiskLimitException : IOException
    {
        public DiskLimitException(Exception inner)
            : base("The file may not grow any larger", inner) => HResult = FileTooLarge;
    }
}
