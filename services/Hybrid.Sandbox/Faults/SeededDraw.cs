namespace Hybrid.Sandbox.Faults;

/// <summary>
/// Numbers that follow from a seed and from what is decided, not from when or on which thread: the n-th request, or a key.
/// The generator is SplitMix64.
/// </summary>
internal sealed class SeededDraw
{
    private const ulong Step = 0x9E3779B97F4A7C15;

    private ulong _state;

    private SeededDraw(ulong state) => _state = state;

    public static SeededDraw Of(long seed, long number) => new(Mix((ulong)seed) ^ Mix((ulong)number + Step));

    /// <summary>The text is hashed with FNV-1a over its UTF-16 units, which is the same in every process.</summary>
    public static SeededDraw Of(long seed, ReadOnlySpan<char> text)
    {
        var hash = 14695981039346656037UL;
        foreach (var unit in text)
        {
            hash = (hash ^ unit) * 1099511628211UL;
        }

        return new SeededDraw(Mix((ulong)seed) ^ Mix(hash));
    }

    /// <summary>From 0 up to but not including 1.</summary>
    public double Uniform()
    {
        _state += Step;
        return (Mix(_state) >> 11) * (1.0 / (1UL << 53));
    }

    /// <summary>Of the standard normal distribution, by Box and Muller.</summary>
    public double Normal() => Math.Sqrt(-2 * Math.Log(1 - Uniform())) * Math.Cos(2 * Math.PI * Uniform());

    private static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}
