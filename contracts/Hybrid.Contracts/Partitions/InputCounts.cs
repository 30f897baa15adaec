namespace Hybrid.Contracts.Partitions;

/// <summary>What is in a set of partitions.</summary>
public sealed record InputCounts
{
    /// <summary>Partitions from the first to the last, empty ones included.</summary>
    public required long Partitions { get; init; }

    /// <summary>Objects.</summary>
    public required long Objects { get; init; }

    /// <summary>Lines, malformed ones included.</summary>
    public required long Lines { get; init; }

    /// <summary>Lines that are upserts, canaries included.</summary>
    public required long Upserts { get; init; }

    /// <summary>Lines that are deletes.</summary>
    public required long Deletes { get; init; }

    /// <summary>Lines that are signals.</summary>
    public required long Signals { get; init; }

    /// <summary>Lines that are no delta and end in the dead letters.</summary>
    public required long Malformed { get; init; }

    /// <summary>Upserts of documents that are there to be watched for.</summary>
    public required long Canaries { get; init; }
}

/// <summary>What became of the lines of an imported source. They add up: <see cref="Read"/> is the sum of the others.</summary>
public sealed record ImportCounts
{
    /// <summary>Lines read, headers left out.</summary>
    public required long Read { get; init; }

    /// <summary>Lines that gave an upsert and a signal.</summary>
    public required long Sales { get; init; }

    /// <summary>Lines that gave a signal with a negative quantity.</summary>
    public required long Cancellations { get; init; }

    /// <summary>Lines that make no sense, kept as they were.</summary>
    public required long Nonsense { get; init; }
}
