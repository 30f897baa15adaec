using Hybrid.Comparison.Load.Generate;

namespace Hybrid.Comparison.Convergence.Planning;

/// <summary>Draws one part of a round from its seed; parts do not depend on each other.</summary>
internal sealed class Draw(long seed, int part)
{
    private SeededRandom _random = SeededRandom.For(seed, part);

    public ref SeededRandom Random => ref _random;

    public bool Chance(double probability) => _random.NextDouble() < probability;

    /// <summary>From the lowest to the highest, both included.</summary>
    public int Between(int lowest, int highest) => lowest + _random.NextInt(highest - lowest + 1);

    public TimeSpan Between(TimeSpan lowest, TimeSpan highest) => lowest + ((highest - lowest) * _random.NextDouble());

    public TimeSpan Milliseconds(int lowest, int highest) => TimeSpan.FromMilliseconds(Between(lowest, highest));

    public T Pick<T>(params ReadOnlySpan<T> choices) => choices[_random.NextInt(choices.Length)];
}
