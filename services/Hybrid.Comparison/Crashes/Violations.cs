namespace Hybrid.Comparison.Crashes;

/// <summary>What a round found wrong, the first few of each kind of thing; any thread may add.</summary>
internal sealed class Violations
{
    private const int KeptOfEach = 5;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, int> _counts = new(StringComparer.Ordinal);
    private readonly List<string> _lines = [];

    /// <summary>Adds one.</summary>
    /// <param name="name">The workload's name.</param>
    /// <param name="text">What is not as it must be.</param>
    public void Add(string name, string text)
    {
        lock (_lock)
        {
            var count = _counts[name] = _counts.GetValueOrDefault(name) + 1;
            if (count <= KeptOfEach)
            {
                _lines.Add($"{name}: {text.ReplaceLineEndings(" ")}");
            }
        }
    }

    /// <summary>All of them, with how many more there were.</summary>
    public IReadOnlyList<string> Lines()
    {
        lock (_lock)
        {
            return [.. _lines, .. _counts.Where(count => count.Value > KeptOfEach).Select(count => $"{count.Key}: and {count.Value - KeptOfEach} more")];
        }
    }
}
