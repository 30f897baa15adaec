using Hybrid.Pipeline.Windows;

namespace Hybrid.Pipeline.Lanes;

/// <summary>A document's state of signals on its way through a lane.</summary>
/// <param name="State">The state.</param>
/// <param name="Cause">The record that brought it about, and the other states that it brought about.</param>
public readonly record struct SignalsUpdate(DocumentSignals State, SignalsCause Cause)
{
    /// <summary>What a state holds of memory, roughly, bytes.</summary>
    public const int Bytes = 256;
}

/// <summary>
/// A record that changed the signals of documents: a control record, or a late signal. Its offset is acknowledged when Solr has all of
/// the states. Belongs to the thread that acknowledges.
/// </summary>
/// <param name="partition">The Kafka partition.</param>
/// <param name="offset">The offset there.</param>
/// <param name="states">How many states it brought about; at least one.</param>
/// <param name="holding">Which time of holding the partition it was taken in: an acknowledgement counts for that time only.</param>
/// <param name="taken">When the lane took it, by the time provider's timestamp.</param>
public sealed class SignalsCause(int partition, long offset, int states, int holding = 0, long taken = 0)
{
    private int _open = states;

    /// <summary>The Kafka partition.</summary>
    public int Partition => partition;

    /// <summary>The offset there.</summary>
    public long Offset => offset;

    /// <summary>Which time of holding the partition it was taken in.</summary>
    public int Holding => holding;

    /// <summary>When the lane took the record, by the time provider's timestamp.</summary>
    public long Taken => taken;

    /// <summary>Notes that one more state is in Solr.</summary>
    /// <returns>Whether it was the last.</returns>
    public bool Complete() => --_open == 0;
}
