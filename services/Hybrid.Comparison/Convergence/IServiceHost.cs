using Hybrid.Pipeline.Hosting;

namespace Hybrid.Comparison.Convergence;

/// <summary>Runs services within this process, which starts them in a moment: most rounds need no process that can be killed.</summary>
public interface IServiceHost
{
    /// <summary>Runs a service until it ends or is told to stop.</summary>
    /// <param name="call">The service.</param>
    /// <param name="started">Called once it works.</param>
    /// <param name="stopping">Asks for a drain, as SIGTERM does.</param>
    /// <exception cref="HybridException">The service cannot go on.</exception>
    Task RunAsync(ServiceCall call, Action started, CancellationToken stopping);
}

/// <summary>A service to be started.</summary>
/// <param name="Name">What to call it.</param>
/// <param name="Verb">The verb and its arguments, such as <c>lane streaming</c>.</param>
/// <param name="Settings">Its options, by key such as <c>Kafka:BootstrapServers</c>.</param>
/// <param name="LogFile">Where its log goes; appended to.</param>
public sealed record ServiceCall(string Name, IReadOnlyList<string> Verb, IReadOnlyDictionary<string, string?> Settings, string LogFile);
