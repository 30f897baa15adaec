using Hybrid.Comparison.Processes;

namespace Hybrid.Comparison.Experiments;

/// <summary>The two-minute tour.</summary>
public sealed record DemoOptions
{
    /// <summary>Where the report goes; made when it is not there.</summary>
    public required string Out { get; init; }

    /// <summary>The lanes; <see cref="DemoRunner.Tour"/> when empty.</summary>
    public IReadOnlyList<string> Lanes { get; init; } = [];

    /// <summary>The generator's seed.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>Partitions, from 10 so that late objects and the start do not decide everything.</summary>
    public int Partitions { get; init; } = 40;

    /// <summary>Lines in a partition, from 1.</summary>
    public int LinesPerPartition { get; init; } = 500;

    /// <summary>The time that the replay of all lanes may take together; the pace follows from it.</summary>
    public TimeSpan ReplayTime { get; init; } = TimeSpan.FromSeconds(40);

    /// <summary>The program whose verbs are run.</summary>
    public HybridExecutable Executable { get; init; } = HybridExecutable.Current();

    /// <summary>Keeps the working directory.</summary>
    public bool KeepData { get; init; }

    /// <summary>The command line, for the report.</summary>
    public string Command { get; init; } = Environment.CommandLine;
}
