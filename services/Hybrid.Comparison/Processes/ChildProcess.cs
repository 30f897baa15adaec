using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using Hybrid.Pipeline.Hosting;

namespace Hybrid.Comparison.Processes;

/// <summary>
/// A child that runs one of Hybrid's own verbs, its output in a log file. It ends with its parent: the child watches the process that
/// <see cref="ParentProcess.Variable"/> names, and <see cref="DisposeAsync"/> kills what still runs.
/// </summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly FileStream _log;
    private readonly Task _copying;
    private TimeSpan _processorTime;
    private long _peakMemory;

    private ChildProcess(string name, Process process, FileStream log)
    {
        Name = name;
        _process = process;
        _log = log;
        LogFile = log.Name;
        Id = process.Id;
        _copying = Task.WhenAll(CopyAsync(process.StandardOutput.BaseStream), CopyAsync(process.StandardError.BaseStream));
        Exited = WaitAsync();
    }

    /// <summary>The name for messages.</summary>
    public string Name { get; }

    /// <summary>The process id.</summary>
    public int Id { get; }

    /// <summary>Where its output goes.</summary>
    public string LogFile { get; }

    /// <summary>Ends with the process, after its output is in the log; the exit code (128 + n when signal n ended it).</summary>
    public Task<int> Exited { get; }

    /// <summary>Processor time so far, as last sampled.</summary>
    public TimeSpan ProcessorTime => _processorTime;

    /// <summary>The highest resident memory so far, bytes, as last sampled.</summary>
    public long PeakMemoryBytes => _peakMemory;

    /// <summary>Starts a child.</summary>
    /// <param name="executable">The program.</param>
    /// <param name="name">The name for messages and the log.</param>
    /// <param name="arguments">The verb and its options.</param>
    /// <param name="environment">Variables to add to this process's own.</param>
    /// <param name="logFile">Where its output goes.</param>
    /// <exception cref="HybridException">The program cannot be started.</exception>
    public static ChildProcess Start(
        HybridExecutable executable, string name, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment, string logFile)
    {
        var start = new ProcessStartInfo(executable.Path)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            WorkingDirectory = Environment.CurrentDirectory,
        };
        foreach (var argument in executable.Arguments.Concat(arguments))
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var (variable, value) in environment)
        {
            start.Environment[variable] = value;
        }

        start.Environment[ParentProcess.Variable] = Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        var log = new FileStream(logFile, FileMode.Append, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        try
        {
            return new ChildProcess(name, Process.Start(start)!, log);
        }
        catch (Win32Exception failure)
        {
            log.Dispose();
            throw HybridException.Failure($"{name} cannot be started: {executable.Path}: {failure.Message}", failure);
        }
    }

    /// <summary>Reads the process's use of the machine; keeps the last figures once it has ended.</summary>
    public void Sample()
    {
        try
        {
            _process.Refresh();
            if (!_process.HasExited)
            {
                _processorTime = _process.TotalProcessorTime;
                _peakMemory = Math.Max(_peakMemory, Math.Max(_process.PeakWorkingSet64, _process.WorkingSet64));
            }
        }
        catch (Exception ended) when (ended is InvalidOperationException or Win32Exception or NotSupportedException)
        {
            // It ended between the question and the answer.
        }
    }

    /// <summary>Asks the process to end (SIGTERM), and kills it when it does not by a deadline.</summary>
    /// <returns>The exit code, or null when it had to be killed.</returns>
    public async Task<int?> StopAsync(TimeSpan deadline)
    {
        Sample();
        if (!Exited.IsCompleted && !UnixSignals.TryTerminate(Id))
        {
            Kill();
        }

        if (await Task.WhenAny(Exited, Task.Delay(deadline)).ConfigureAwait(false) == Exited)
        {
            return await Exited.ConfigureAwait(false);
        }

        Kill();
        await Exited.ConfigureAwait(false);
        return null;
    }

    /// <summary>Ends the process at once (SIGKILL).</summary>
    public void Kill()
    {
        Sample();
        try
        {
            _process.Kill();
        }
        catch (Exception ended) when (ended is InvalidOperationException or Win32Exception)
        {
            // It has ended by itself.
        }
    }

    /// <summary>The last lines of the log, in one line.</summary>
    public string LogTail() => Processes.LogTail.Read(LogFile);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!Exited.IsCompleted)
        {
            Kill();
        }

        await Exited.ConfigureAwait(false);
        _process.Dispose();
        try
        {
            await _log.DisposeAsync().ConfigureAwait(false);
        }
        catch (IOException)
        {
            // As above.
        }
    }

    private async Task<int> WaitAsync()
    {
        await _process.WaitForExitAsync().ConfigureAwait(false);
        await _copying.ConfigureAwait(false);
        return _process.ExitCode;
    }

    private async Task CopyAsync(Stream output)
    {
        var buffer = new byte[8192];
        int read;
        while ((read = await output.ReadAsync(buffer).ConfigureAwait(false)) > 0)
        {
            lock (_log)
            {
                try
                {
                    _log.Write(buffer, 0, read);
                    _log.Flush();
                }
                catch (IOException)
                {
                    // A full disk costs the log; the child must not block on its output because of it.
                }
            }
        }
    }
}
