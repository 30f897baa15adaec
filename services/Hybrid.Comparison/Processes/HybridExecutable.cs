using System.Reflection;

namespace Hybrid.Comparison.Processes;

/// <summary>How to start this program once more.</summary>
/// <param name="Path">The executable.</param>
/// <param name="Arguments">What comes before the verb.</param>
public sealed record HybridExecutable(string Path, IReadOnlyList<string> Arguments)
{
    /// <summary>The program that is running: its own executable, or <c>dotnet</c> with its assembly.</summary>
    public static HybridExecutable Current()
    {
        var path = Environment.ProcessPath ?? "hybrid";
        return System.IO.Path.GetFileNameWithoutExtension(path) == "dotnet" && Assembly.GetEntryAssembly()?.Location is { Length: > 0 } assembly
            ? new HybridExecutable(path, [assembly])
            : new HybridExecutable(path, []);
    }
}
