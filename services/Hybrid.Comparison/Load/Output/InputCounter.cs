using Hybrid.Contracts.Partitions;
using Hybrid.Contracts.Records;

namespace Hybrid.Comparison.Load.Output;

/// <summary>Counts what goes into an input directory.</summary>
internal sealed class InputCounter
{
    private long _upserts;
    private long _deletes;
    private long _signals;
    private long _malformed;
    private long _canaries;

    /// <summary>Objects begun.</summary>
    public long Objects { get; set; }

    /// <summary>Lines so far.</summary>
    public long Lines => _upserts + _deletes + _signals + _malformed;

    public void Count(DeltaKind kind)
    {
        switch (kind)
        {
            case DeltaKind.Upsert:
                _upserts++;
                break;
            case DeltaKind.Delete:
                _deletes++;
                break;
            default:
                _signals++;
                break;
        }
    }

    public void CountMalformed() => _malformed++;

    public void CountCanary() => _canaries++;

    public InputCounts Total(long partitions) => new()
    {
        Partitions = partitions,
        Objects = Objects,
        Lines = Lines,
        Upserts = _upserts,
        Deletes = _deletes,
        Signals = _signals,
        Malformed = _malformed,
        Canaries = _canaries,
    };
}
