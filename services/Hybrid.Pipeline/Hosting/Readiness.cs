namespace Hybrid.Pipeline.Hosting;

/// <summary>What keeps a service that runs from being ready: <c>/health/ready</c> answers 503 and says it.</summary>
public sealed class Readiness
{
    private volatile string? _obstacle;

    /// <summary>One line for whoever is on call; null while there is nothing.</summary>
    public string? Obstacle
    {
        get => _obstacle;
        set => _obstacle = value;
    }
}
