namespace Hybrid.Sandbox.Kafka.Records;

/// <summary>Finds the records that a compacted topic cannot take.</summary>
internal static class KeylessRecords
{
    /// <summary>The indexes within the batch of the records without a key. A batch in a codec that cannot be read has none.</summary>
    /// <exception cref="InvalidDataException">What the batch holds are no records.</exception>
    public static IReadOnlyList<int> Find(RecordBatch batch)
    {
        try
        {
            if (!Decompressor.TryDecompress(batch, out var records))
            {
                return [];
            }
            List<int>? found = null;
            var reader = new RecordReader(batch, records);
            for (var index = 0; reader.Next(); index++)
            {
                if (!reader.HasKey)
                {
                    (found ??= []).Add(index);
                }
            }
            return found ?? [];
        }
        catch (Exception exception) when (exception is ArgumentException or IndexOutOfRangeException)
        {
            throw new InvalidDataException("a batch whose bytes end early", exception);
        }
    }
}
