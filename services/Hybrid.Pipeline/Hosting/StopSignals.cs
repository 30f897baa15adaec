using System.Runtime.InteropServices;

namespace Hybrid.Pipeline.Hosting;

/// <summary>Turns Ctrl-C and SIGTERM into a cancellation: the first asks for a drain, a second Ctrl-C ends the process at once.</summary>
public sealed class StopSignals : IDisposable
{
    private const int InterruptedTwice = 130;

    private readonly CancellationTokenSource _stopping = new();
    private readonly PosixSignalRegistration _interrupt;
    private readonly PosixSignalRegistration _terminate;

    /// <summary>Begins to listen.</summary>
    public StopSignals()
    {
        _interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Handle);
        _terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Handle);
    }

    /// <summary>Set when the process is to drain and end.</summary>
    public CancellationToken Stopping => _stopping.Token;

    /// <summary>Asks for a drain, as a signal would.</summary>
    public void Stop() => _stopping.Cancel();

    /// <inheritdoc/>
    public void Dispose()
    {
        _interrupt.Dispose();
        _terminate.Dispose();
        _stopping.Dispose();
    }

    private void Handle(PosixSignalContext context)
    {
        context.Cancel = true;
        if (!_stopping.IsCancellationRequested)
        {
            _stopping.Cancel();
        }
        else if (context.Signal == PosixSignal.SIGINT)
        {
            Environment.Exit(InterruptedTwice);
        }
    }
}
