namespace Hybrid.Sandbox.Kafka.Records;

/// <summary>The step that Snappy and LZ4 share: repeat bytes that were written before, which may overlap the repetition.</summary>
internal static class BackReference
{
    /// <exception cref="InvalidDataException">It points before the start.</exception>
    public static void Copy(byte[] target, ref int written, int distance, int length)
    {
        if (distance <= 0 || distance > written || length > target.Length - written)
        {
            throw new InvalidDataException($"a repetition of {length} bytes, {distance} back, at {written}");
        }
        for (var i = 0; i < length; i++, written++)
        {
            target[written] = target[written - distance];
        }
    }
}
