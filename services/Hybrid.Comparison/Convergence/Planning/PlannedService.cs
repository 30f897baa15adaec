namespace Hybrid.Comparison.Convergence.Planning;

/// <summary>A service of a round.</summary>
/// <param name="Name">Its name, which tells it from the others of the round.</param>
/// <param name="Verb">The verb that it is started by.</param>
/// <param name="Lane">The lane that it is an instance of; null for a publisher.</param>
/// <param name="Settings">The options that it has for itself.</param>
/// <param name="InProcess">Whether it runs in this process; false for a process of its own, which can be killed.</param>
internal sealed record PlannedService(string Name, IReadOnlyList<string> Verb, string? Lane, IReadOnlyDictionary<string, string?> Settings, bool InProcess);
