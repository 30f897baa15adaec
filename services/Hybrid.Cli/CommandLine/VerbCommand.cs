using System.CommandLine;

namespace Hybrid.Cli.CommandLine;

/// <summary>A verb, with examples for its help.</summary>
internal sealed class VerbCommand(string name, string description, params string[] examples) : Command(name, description)
{
    /// <summary>Whole command lines.</summary>
    public IReadOnlyList<string> Examples { get; } = examples;
}
