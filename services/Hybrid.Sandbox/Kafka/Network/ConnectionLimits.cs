using Hybrid.Sandbox.Kafka.Protocol;
using Microsoft.Extensions.Logging;

namespace Hybrid.Sandbox.Kafka.Network;

/// <summary>
/// What all connections together may take: their number, and the bytes of their buffers. Past a bound the connection goes that
/// has done nothing useful for longest, so that clients that get on with it are not kept out by those that do not.
/// </summary>
internal sealed class ConnectionLimits(int maxConnections, long maxBytes, ILogger logger)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<KafkaConnection, long> _held = [];
    private readonly LinkedList<BufferWaiter> _waiting = [];
    private long _total;
    private long _wanted;
    private long _leaving;
    private int _leavingCount;

    /// <summary>Bytes in the buffers of all connections.</summary>
    public long HeldBytes
    {
        get
        {
            lock (_gate)
            {
                return _total;
            }
        }
    }

    /// <summary>How many connections there are, without those that were made to go.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _held.Count - _leavingCount;
            }
        }
    }

    /// <summary>Whether buffers that are only kept for later should be given back.</summary>
    public bool IsTight
    {
        get
        {
            lock (_gate)
            {
                return _total > maxBytes / 2;
            }
        }
    }

    /// <summary>Adds a connection; another goes for it if there are too many.</summary>
    public void Enter(KafkaConnection connection)
    {
        lock (_gate)
        {
            if (_held.Count - _leavingCount >= maxConnections && LeastUseful(_held.Keys) is { } victim)
            {
                Evict(victim, $"{maxConnections} connections are open and it waited longest");
            }
            _held.Add(connection, 0);
        }
    }

    /// <summary>Removes a connection, whose buffers are given back already.</summary>
    public void Leave(KafkaConnection connection)
    {
        lock (_gate)
        {
            if (_held.Remove(connection, out var bytes))
            {
                _total -= bytes;
                if (connection.IsEvicted)
                {
                    _leaving -= bytes;
                    _leavingCount--;
                }
                Grant();
            }
        }
    }

    /// <summary>
    /// Accounts for a buffer that a connection is about to get; others go for it if all hold too much. It does not wait for them to
    /// be gone, so that the bound is passed for a moment.
    /// </summary>
    /// <exception cref="MalformedRequestException">It is this connection that has to go.</exception>
    public void Take(KafkaConnection connection, int bytes)
    {
        lock (_gate)
        {
            MakeRoom(connection, bytes);
            Account(connection, bytes);
        }
    }

    /// <summary>Accounts for a buffer like <see cref="Take"/>, but not before those that have to go for it have given theirs back.</summary>
    /// <exception cref="MalformedRequestException">It is this connection that has to go.</exception>
    /// <exception cref="OperationCanceledException">It had to go while it waited, or the broker stops.</exception>
    public async ValueTask TakeAsync(KafkaConnection connection, int bytes, CancellationToken cancellationToken)
    {
        BufferWaiter waiter;
        lock (_gate)
        {
            MakeRoom(connection, bytes);
            if (_total + _wanted + bytes <= maxBytes)
            {
                Account(connection, bytes);
                return;
            }
            waiter = new BufferWaiter(connection, bytes);
            _waiting.AddLast(waiter);
            _wanted += bytes;
        }
        try
        {
            await waiter.Granted.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            Withdraw(waiter);
            throw;
        }
    }

    /// <summary>Closes the connections that let a request, or the broker, wait for too long, and those whose clients left while they waited.</summary>
    /// <param name="now">Milliseconds of <see cref="Environment.TickCount64"/>.</param>
    /// <param name="requestTimeout">How long the bytes of one request may take.</param>
    /// <param name="maxIdle">How long nothing useful may be done.</param>
    public void CloseStale(long now, TimeSpan requestTimeout, TimeSpan maxIdle)
    {
        lock (_gate)
        {
            foreach (var connection in _held.Keys.Where(connection => !connection.IsEvicted).ToArray())
            {
                if (connection.IncompleteSince is { } since && now - since > requestTimeout.TotalMilliseconds)
                {
                    Evict(connection, $"a request is not there {requestTimeout} after its first byte");
                }
                else if (connection.IsAbandoned)
                {
                    Evict(connection, "its client left while a request waited");
                }
                else if (connection.LastUseful is not KafkaConnection.Busy and var last && now - last > maxIdle.TotalMilliseconds)
                {
                    Evict(connection, $"it was idle for {maxIdle}");
                }
            }
        }
    }

    /// <summary>Accounts for a buffer that a connection gave back.</summary>
    public void Give(KafkaConnection connection, int bytes)
    {
        lock (_gate)
        {
            _held[connection] -= bytes;
            _total -= bytes;
            _leaving -= connection.IsEvicted ? bytes : 0;
            Grant();
        }
    }

    private void MakeRoom(KafkaConnection connection, int bytes)
    {
        while (_total + _wanted + bytes - _leaving > maxBytes)
        {
            if (connection.IsEvicted || LeastUseful(_held.Where(each => each.Value > 0).Select(each => each.Key)) is not { } victim || victim == connection)
            {
                throw new MalformedRequestException($"{bytes} more bytes are wanted where all connections hold {_total} of {maxBytes}");
            }
            Evict(victim, $"all connections hold {_total} of {maxBytes} bytes and it waited longest");
        }
    }

    private void Account(KafkaConnection connection, int bytes)
    {
        _held[connection] = _held.GetValueOrDefault(connection) + bytes;
        _total += bytes;
        _leaving += connection.IsEvicted ? bytes : 0;
    }

    /// <summary>Gives room to those that wait for it, in the order in which they came.</summary>
    private void Grant()
    {
        while (_waiting.First is { Value: var waiter } && _total + waiter.Bytes <= maxBytes)
        {
            Forget(waiter);
            Account(waiter.Connection, waiter.Bytes);
            waiter.Grant();
        }
    }

    private void Withdraw(BufferWaiter waiter)
    {
        lock (_gate)
        {
            if (!Forget(waiter) && waiter.Granted.IsCompletedSuccessfully)
            {
                Give(waiter.Connection, waiter.Bytes);
            }
            Grant();
        }
    }

    private bool Forget(BufferWaiter waiter)
    {
        var waited = _waiting.Remove(waiter);
        _wanted -= waited ? waiter.Bytes : 0;
        return waited;
    }

    private static KafkaConnection? LeastUseful(IEnumerable<KafkaConnection> connections) =>
        connections.Where(connection => !connection.IsEvicted).MinBy(connection => connection.LastUseful);

    private void Evict(KafkaConnection victim, string reason)
    {
        _leaving += _held[victim];
        _leavingCount++;
        if (_waiting.FirstOrDefault(waiter => waiter.Connection == victim) is { } waiting)
        {
            Forget(waiting);
        }
        logger.ConnectionRefused(victim.Client, reason);
        victim.Evict();
    }
}
