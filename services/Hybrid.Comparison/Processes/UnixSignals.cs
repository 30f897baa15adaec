using System.Runtime.InteropServices;

namespace Hybrid.Comparison.Processes;

/// <summary>Signals to processes (POSIX kill(2)).</summary>
internal static class UnixSignals
{
    private const int Terminate = 15;

    /// <summary>Asks a process to end (SIGTERM).</summary>
    /// <param name="processId">The process, which is known not to be reaped yet.</param>
    /// <returns>False where there are no signals or the process is gone.</returns>
    public static bool TryTerminate(int processId) => !OperatingSystem.IsWindows() && Kill(processId, Terminate) == 0;

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int processId, int signal);
}
