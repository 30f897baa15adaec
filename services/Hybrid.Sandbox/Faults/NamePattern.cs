using System.IO.Enumeration;

namespace Hybrid.Sandbox.Faults;

/// <summary>A name with wildcards: <c>*</c> stands for any characters, slashes too, and <c>?</c> for one. Null stands for every name.</summary>
internal sealed class NamePattern(string? pattern, bool ignoreCase)
{
    /// <summary>Whether it stands for every name.</summary>
    public bool IsAny { get; } = pattern is null or "*";

    public bool Matches(ReadOnlySpan<char> name) => IsAny || FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase);

    /// <summary>Whether it is this very name.</summary>
    public bool Is(string name) => string.Equals(pattern, name, StringComparison.OrdinalIgnoreCase);
}
