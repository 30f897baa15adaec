namespace Hybrid.Load;

/// <summary>What to push, and how.</summary>
internal sealed record LoadSettings
{
    public required string Layout { get; init; }

    public required TimeSpan Period { get; init; }

    public required string Collection { get; init; }

    /// <summary>Objects a second.</summary>
    public required int Rate { get; init; }

    public required int Records { get; init; }

    public required TimeSpan During { get; init; }

    public required TimeSpan Timeout { get; init; }

    public required int Seed { get; init; }

    public required string Output { get; init; }
}
