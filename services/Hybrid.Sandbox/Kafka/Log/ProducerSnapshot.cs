using Hybrid.Sandbox.Kafka.Storage;

namespace Hybrid.Sandbox.Kafka.Log;

/// <summary>
/// A file with the <see cref="ProducerTable"/> as it was at the first offset of a segment, so that a start reads no
/// earlier segment to rebuild it. A file that is not whole counts as none.
/// </summary>
internal static class ProducerSnapshot
{
    private const string Extension = ".snapshot";
    private const int Version = 1;

    public static void Save(string directory, long offset, ProducerTable table)
    {
        using var memory = new MemoryStream();
        using var writer = new BinaryWriter(memory);
        writer.Write(Version);
        writer.Write(table.Producers.Count);
        foreach (var producer in table.Producers)
        {
            writer.Write(producer.ProducerId);
            writer.Write(producer.Epoch);
            writer.Write(producer.OpenSince ?? -1);
            writer.Write(producer.LastSeen);
            writer.Write(producer.Batches.Count);
            foreach (var batch in producer.Batches)
            {
                writer.Write(batch.FirstSequence);
                writer.Write(batch.LastSequence);
                writer.Write(batch.BaseOffset);
            }
        }
        writer.Write(table.Aborted.Count);
        foreach (var aborted in table.Aborted)
        {
            writer.Write(aborted.ProducerId);
            writer.Write(aborted.FirstOffset);
            writer.Write(aborted.MarkerOffset);
        }
        writer.Write(Crc32C.Compute(memory.GetBuffer().AsSpan(0, (int)memory.Length)));

        var path = LogSegment.PathOf(directory, offset, Extension);
        using (var file = File.Create(path + ".new"))
        {
            memory.WriteTo(file);
        }
        File.Move(path + ".new", path, overwrite: true);
    }

    /// <summary>The table at an offset, or null if there is no whole file of it.</summary>
    public static ProducerTable? TryLoad(string directory, long offset)
    {
        var path = LogSegment.PathOf(directory, offset, Extension);
        if (!File.Exists(path))
        {
            return null;
        }
        var bytes = File.ReadAllBytes(path);
        if (bytes.Length < 3 * sizeof(int)
            || Crc32C.Compute(bytes.AsSpan(..^sizeof(uint))) != BitConverter.ToUInt32(bytes.AsSpan()[^sizeof(uint)..])
            || BitConverter.ToInt32(bytes) != Version)
        {
            return null;
        }
        using var reader = new BinaryReader(new MemoryStream(bytes, sizeof(int), bytes.Length - sizeof(int)));
        var table = new ProducerTable();
        for (var count = reader.ReadInt32(); count > 0; count--)
        {
            var producer = new ProducerState(reader.ReadInt64(), reader.ReadInt16());
            var openSince = reader.ReadInt64();
            producer.OpenSince = openSince < 0 ? null : openSince;
            producer.LastSeen = reader.ReadInt64();
            for (var batches = reader.ReadInt32(); batches > 0; batches--)
            {
                producer.Remember(new WrittenBatch(reader.ReadInt32(), reader.ReadInt32(), reader.ReadInt64()));
            }
            table.Restore(producer);
        }
        for (var count = reader.ReadInt32(); count > 0; count--)
        {
            table.Restore(new AbortedTransaction(reader.ReadInt64(), reader.ReadInt64(), reader.ReadInt64()));
        }
        return table;
    }

    public static void Delete(string directory, long offset) => File.Delete(LogSegment.PathOf(directory, offset, Extension));
}
