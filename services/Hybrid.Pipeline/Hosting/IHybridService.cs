namespace Hybrid.Pipeline.Hosting;

/// <summary>A long-running service: the publisher or a lane.</summary>
public interface IHybridService
{
    /// <summary>The service's name, as in its status.</summary>
    string Name { get; }

    /// <summary>Works until told to stop, then drains what is in flight, commits, and returns.</summary>
    /// <param name="started">Called once, when the service has reached what it depends on and begins to work.</param>
    /// <param name="stopping">Set when the service is to drain and return.</param>
    /// <exception cref="HybridException">The service cannot go on; the message is for the user.</exception>
    Task RunAsync(Action started, CancellationToken stopping);
}
