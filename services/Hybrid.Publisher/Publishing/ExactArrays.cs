namespace Hybrid.Publisher.Publishing;

/// <summary>
/// Arrays of exact lengths, one of each, used again and again: the Kafka client copies what it is handed, but takes whole arrays only. Not
/// for concurrent use.
/// </summary>
internal sealed class ExactArrays
{
    private const int Longest = 2 * 1024;

    private readonly byte[]?[] _byLength = new byte[Longest + 1][];

    /// <summary>An array with these bytes, good until the next call.</summary>
    public byte[] Copy(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > Longest)
        {
            return bytes.ToArray();
        }

        var array = _byLength[bytes.Length] ??= new byte[bytes.Length];
        bytes.CopyTo(array);
        return array;
    }
}
