namespace Hybrid.Lanes.Consuming;

/// <summary>
/// Bounds what was taken from Kafka and is not yet acknowledged. It closes at either bound and opens at half of both, so that a lane at
/// its limit does not switch with every record. Belongs to the consuming thread.
/// </summary>
internal sealed class InFlightGate(int maxRecords, long maxBytes)
{
    private bool _closed;

    public int Records { get; private set; }

    public long Bytes { get; private set; }

    public bool IsOpen
    {
        get
        {
            _closed = _closed
                ? Records > maxRecords / 2 || Bytes > maxBytes / 2
                : Records >= maxRecords || Bytes >= maxBytes;
            return !_closed;
        }
    }

    public void Enter(int records, long bytes)
    {
        Records += records;
        Bytes += bytes;
    }

    public void Leave(int records, long bytes)
    {
        Records -= records;
        Bytes -= bytes;
    }
}
