using System.Collections.Concurrent;

namespace Hybrid.Sandbox.Faults;

/// <summary>Knows a service's open connections, and closes them when it goes down.</summary>
internal sealed class ConnectionGate : IDisposable
{
    private readonly ServiceFaults _faults;
    private readonly ConcurrentDictionary<object, Action> _open = new();

    public ConnectionGate(ServiceFaults faults)
    {
        _faults = faults;
        faults.WentDown += CloseAll;
    }

    /// <summary>Takes note of a connection, and closes it at once if the service is down.</summary>
    /// <returns>Whether it may go on.</returns>
    public bool Enter(object connection, Action close)
    {
        _open[connection] = close;
        if (!_faults.IsDown)
        {
            return true;
        }

        _faults.CountRefused();
        close();
        return false;
    }

    public void Leave(object connection) => _open.TryRemove(connection, out _);

    public void Dispose() => _faults.WentDown -= CloseAll;

    private void CloseAll()
    {
        foreach (var (_, close) in _open)
        {
            _faults.CountRefused();
            close();
        }
    }
}
