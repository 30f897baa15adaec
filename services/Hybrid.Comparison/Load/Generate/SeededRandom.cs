namespace Hybrid.Comparison.Load.Generate;

/// <summary>A small generator (SplitMix64) whose numbers are the same on every platform and runtime, unlike <see cref="Random"/>'s.</summary>
internal struct SeededRandom(ulong seed)
{
    private ulong _state = seed;

    /// <summary>A generator of its own for one part of the whole, so that parts do not depend on each other.</summary>
    public static SeededRandom For(long seed, long part)
    {
        var mixer = new SeededRandom((ulong)seed);
        return new SeededRandom(mixer.Next() ^ ((ulong)part * 0xd1342543de82ef95));
    }

    public ulong Next()
    {
        var z = _state += 0x9e3779b97f4a7c15;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
        z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
        return z ^ (z >> 31);
    }

    /// <summary>From 0 up to but without 1.</summary>
    public double NextDouble() => (Next() >> 11) * (1.0 / (1UL << 53));

    /// <summary>From 0 up to but without the bound.</summary>
    public int NextInt(int bound) => (int)(NextDouble() * bound);
}
