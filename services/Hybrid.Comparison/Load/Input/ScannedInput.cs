using Hybrid.Comparison.Observer;
using Hybrid.Comparison.Truth;
using Hybrid.Contracts.Partitions;

namespace Hybrid.Comparison.Load.Input;

/// <summary>The input after it was read once.</summary>
/// <param name="Layout">How its partitions are named.</param>
/// <param name="Partitions">The partitions that hold objects, in order.</param>
/// <param name="Truth">What the attributes of every index must end in.</param>
/// <param name="Signals">What every index must show of signals in the end, by document; those without signals are left out.</param>
/// <param name="Lines">Lines in all objects.</param>
/// <param name="Records">Lines that are deltas.</param>
/// <param name="DeadLetters">Lines that are not.</param>
/// <param name="Seed">The generator's seed; null when it was not generated.</param>
internal sealed record ScannedInput(
    PartitionLayout Layout,
    IReadOnlyList<InputPartition> Partitions,
    IndexTruth Truth,
    IReadOnlyDictionary<string, SignalsEntry> Signals,
    long Lines,
    long Records,
    long DeadLetters,
    long? Seed)
{
    /// <summary>The first partition.</summary>
    public PartitionId First => Partitions[0].Id;

    /// <summary>The last partition.</summary>
    public PartitionId Last => Partitions[^1].Id;

    /// <summary>Periods from the first partition to the last, empty ones too.</summary>
    public int Periods => (int)((Last.End - First.Start).Ticks / Layout.Period.Ticks);

    /// <summary>The longest that an object is late, event time.</summary>
    public TimeSpan MaxDelay => Partitions.SelectMany(partition => partition.Objects).Max(entry => entry.Delay);
}

/// <summary>A partition of the input.</summary>
/// <param name="Id">Which.</param>
/// <param name="Objects">Its objects, in the order of their keys; marker objects last.</param>
internal sealed record InputPartition(PartitionId Id, IReadOnlyList<InputObject> Objects);

/// <summary>An object of the input.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Size">Its size, bytes.</param>
/// <param name="Delay">How long after its partition's end it arrives, event time.</param>
/// <param name="Canaries">The deltas to watch for.</param>
/// <param name="Records">Lines that are deltas.</param>
internal sealed record InputObject(string Key, long Size, TimeSpan Delay, IReadOnlyList<Canary> Canaries, long Records = 0)
{
    /// <summary>Whether a key is a marker such as <c>_SUCCESS</c>, which holds no lines.</summary>
    public static bool IsMarker(string key) => key.AsSpan(key.LastIndexOf('/') + 1).StartsWith("_");
}
