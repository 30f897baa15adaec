using Hybrid.Contracts.Records;

namespace Hybrid.Pipeline.Formats;

/// <summary>
/// Writes an object's records as <see cref="ObjectRecordReader"/> reads them, into a buffer. A delta's version and partition follow from where
/// it stands, so they are not written. Not for concurrent use.
/// </summary>
public interface IRecordWriter : IDisposable
{
    /// <summary>Writes a delta.</summary>
    /// <param name="delta">The delta.</param>
    void Write(CatalogDelta delta);

    /// <summary>Writes something that is no delta, and which reads as a record that is none.</summary>
    /// <param name="content">Some bytes that are not empty and hold no line feed; the record that is read holds them.</param>
    void WriteMalformed(ReadOnlySpan<byte> content);

    /// <summary>Ends the object. Nothing is written after it.</summary>
    void Complete();
}
