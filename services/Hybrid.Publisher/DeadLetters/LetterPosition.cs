using System.Globalization;

namespace Hybrid.Publisher.DeadLetters;

/// <summary>Where a dead letter stands in its topic, written <c>partition:offset</c>.</summary>
/// <param name="Partition">The Kafka partition, from 0.</param>
/// <param name="Offset">The offset, from 0.</param>
public readonly record struct LetterPosition(int Partition, long Offset)
{
    /// <summary>Reads <c>0:17</c>.</summary>
    /// <param name="text">The text.</param>
    /// <param name="position">The position, when the text is one.</param>
    /// <returns>Whether it is one.</returns>
    public static bool TryParse(string? text, out LetterPosition position)
    {
        position = default;
        if (text?.Split(':') is not [var partition, var offset]
            || !int.TryParse(partition, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            || !long.TryParse(offset, NumberStyles.None, CultureInfo.InvariantCulture, out var at))
        {
            return false;
        }

        position = new LetterPosition(number, at);
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Partition}:{Offset}");
}
