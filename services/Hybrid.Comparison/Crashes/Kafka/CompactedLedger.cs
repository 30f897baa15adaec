namespace Hybrid.Comparison.Crashes.Kafka;

/// <summary>What a compacted topic must hold of one key: its last value, or one that was sent after the last acknowledged one.</summary>
internal sealed class CompactedLedger
{
    private readonly List<(long Number, bool Tombstone)> _since = [(-1, true)];

    /// <summary>Takes note of a value or tombstone that is about to be sent. Numbers rise.</summary>
    public void Send(long number, bool tombstone) => _since.Add((number, tombstone));

    /// <summary>Takes note of an acknowledgement: what was sent before no longer matters.</summary>
    public void Acknowledge(long number) => _since.RemoveAll(sent => sent.Number < number);

    /// <summary>Compares with the last record of the key that is in the log.</summary>
    /// <param name="number">Its number; null when the key has no record.</param>
    /// <returns>What is wrong, or null.</returns>
    public string? Check(long? number)
    {
        if (number is null)
        {
            return _since.Any(sent => sent.Tombstone) ? null : $"is gone, and value {_since[0].Number} was acknowledged";
        }

        if (_since.All(sent => sent.Number != number))
        {
            return $"ends with value {number}, and {(_since.Count == 1 ? "" : "at least ")}{_since[0].Number} was acknowledged";
        }

        return null;
    }
}
