using System.Text.Json;
using Hybrid.Contracts.Stack;

namespace Hybrid.Sandbox.Hosting;

/// <summary>Holds a data directory for one sandbox. The operating system lets go of it however the process ends.</summary>
internal sealed class DirectoryLock : IDisposable
{
    private readonly FileStream _file;

    private DirectoryLock(FileStream file) => _file = file;

    /// <exception cref="SandboxException">Another sandbox holds the directory, or it cannot be used.</exception>
    public static DirectoryLock Take(string directory)
    {
        try
        {
            Directory.CreateDirectory(directory);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new SandboxException(
                $"the sandbox cannot make its data directory {directory}: {exception.Message.TrimEnd('.')}; give another", exception);
        }

        try
        {
            return new DirectoryLock(
                new FileStream(Path.Combine(directory, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException && !IsHeldElsewhere(exception))
        {
            throw new SandboxException(
                $"the sandbox cannot write to its data directory {directory}: {exception.Message.TrimEnd('.')}; give another", exception);
        }
        catch (IOException exception)
        {
            var holder = Holder(directory) is { } process ? $" (process {process})" : string.Empty;
            throw new SandboxException($"another sandbox{holder} uses {directory}; stop it or give another directory", exception);
        }
    }

    public void Dispose() => _file.Dispose();

    /// <summary>EWOULDBLOCK of Linux, of macOS, and Windows' sharing violation.</summary>
    private static bool IsHeldElsewhere(Exception exception) =>
        exception is IOException { HResult: 11 or 35 or unchecked((int)0x80070020) };

    private static int? Holder(string directory)
    {
        try
        {
            var json = File.ReadAllBytes(Path.Combine(directory, StackEndpoints.FileName));
            return JsonSerializer.Deserialize(json, StackJson.Default.StackEndpoints)?.ProcessId;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }
}
